import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { UserId } from '../../domain/ids.ts';
import type { NotificationRequest } from '../../domain/notification.ts';
import type { MissedRuns, Schedule, ScheduleId, Timing } from '../../domain/schedule.ts';
import type { ScheduleChange, ScheduleQuery, ScheduleStore } from '../../ports/schedule-store.ts';
import type { Database } from './database.ts';
import { indexCondition } from './index-condition.ts';
import { anyOf, recordset } from './recordset.ts';
import type { Tables } from './schema.ts';
import { fittingPayloads, statementBatcher, writeBatcher } from './statement-batcher.ts';

const ACTIVE = indexCondition('active' satisfies Schedule['state']);

export class PostgresScheduleStore implements ScheduleStore {
  readonly #database: Database;
  readonly #additions = writeBatcher<Addition>({
    fitting: fittingPayloads(({ request }) => request.length),
    work: rows => this.#add(rows),
  });
  readonly #changes = statementBatcher({
    nameOf: ({ id }: Change) => id,
    work: changes => this.#change(changes),
  });
  readonly #deletions = statementBatcher({
    nameOf: (id: ScheduleId) => id,
    work: ids => this.#delete(ids),
  });

  constructor({ database }: { readonly database: Database }) {
    this.#database = database;
  }

  add(schedule: Schedule): Promise<void> {
    return this.#additions.ask({
      id: schedule.id,
      owner: schedule.owner,
      owner_is_admin: schedule.ownerIsAdmin,
      timing: JSON.stringify(schedule.timing),
      missed_runs: schedule.missedRuns,
      request: JSON.stringify(schedule.request),
      state: schedule.state,
      next_run_at: schedule.nextRunAt ?? NEVER,
      created_at: schedule.createdAt,
    });
  }

  async find(id: ScheduleId): Promise<Schedule | undefined> {
    const row = await this.#database.run(db =>
      db.selectFrom('schedule').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && toSchedule(row);
  }

  async list({ owner, after, limit }: ScheduleQuery): Promise<readonly Schedule[]> {
    const rows = await this.#database.run(db => {
      let query = db.selectFrom('schedule').selectAll().orderBy('id').limit(limit);
      if (owner !== undefined) query = query.where('owner', '=', owner);
      if (after !== undefined) query = query.where('id', '>', after);
      return query.execute();
    });
    return rows.map(toSchedule);
  }

  async count(owner: UserId): Promise<number> {
    const { count } = await this.#database.run(db =>
      db
        .selectFrom('schedule')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('owner', '=', owner)
        .executeTakeFirstOrThrow(),
    );
    return count;
  }

  async due(now: number, limit: number): Promise<readonly Schedule[]> {
    const rows = await this.#database.run(db =>
      db
        .selectFrom('schedule')
        .selectAll()
        .where('state', '=', ACTIVE)
        .where('next_run_at', '<=', now)
        .orderBy('next_run_at')
        .limit(limit)
        .execute(),
    );
    return rows.map(toSchedule);
  }

  change(read: Schedule, to: ScheduleChange): Promise<boolean> {
    return this.#changes.ask({
      id: read.id,
      state: read.state,
      next_run_at: read.nextRunAt ?? NEVER,
      to_state: to.state,
      to_next_run_at: to.nextRunAt ?? NEVER,
    });
  }

  delete(id: ScheduleId): Promise<boolean> {
    return this.#deletions.ask(id);
  }

  async #add(rows: readonly Addition[]): Promise<void> {
    await this.#database.run(db =>
      sql`
        insert into ${sql.id(this.#database.schema, 'schedule')}
          (id, owner, owner_is_admin, timing, missed_runs, request, state, next_run_at, created_at)
        select id, owner, owner_is_admin, timing::json, missed_runs, request::json, state,
          nullif(next_run_at, ${NEVER}::bigint), created_at
        from ${recordset('addition', rows)}
        order by id
        on conflict do nothing
      `.execute(db),
    );
  }

  async #change(changes: readonly Change[]): Promise<readonly boolean[]> {
    const changed = await this.#database.run(db =>
      sql<{ id: string }>`
        update ${sql.id(this.#database.schema, 'schedule')} as schedule
        set state = change.to_state, next_run_at = nullif(change.to_next_run_at, ${NEVER}::bigint)
        from ${recordset('change', changes)}
        where schedule.id = change.id and schedule.state = change.state
          and schedule.next_run_at is not distinct from nullif(change.next_run_at, ${NEVER}::bigint)
        returning schedule.id
      `.execute(db),
    );
    const ids = new Set(changed.rows.map(({ id }) => id));
    return changes.map(({ id }) => ids.has(id));
  }

  async #delete(ids: readonly ScheduleId[]): Promise<readonly boolean[]> {
    const rows = await this.#database.run(db =>
      db.deleteFrom('schedule').where('id', '=', anyOf(ids)).returning('id').execute(),
    );
    const deleted = new Set(rows.map(({ id }) => id));
    return ids.map(id => deleted.has(id));
  }
}

/** In the place of a next run that there is not: before all times. */
const NEVER = -1;

/** A row of the table. */
type Addition = {
  readonly id: string;
  readonly owner: string;
  readonly owner_is_admin: boolean;
  readonly timing: string;
  readonly missed_runs: string;
  readonly request: string;
  readonly state: string;
  readonly next_run_at: number;
  readonly created_at: number;
};

/** What it was read as, and what it is to be. */
type Change = {
  readonly id: string;
  readonly state: string;
  readonly next_run_at: number;
  readonly to_state: string;
  readonly to_next_run_at: number;
};

const toSchedule = (row: Selectable<Tables['schedule']>): Schedule => ({
  id: row.id as ScheduleId,
  owner: row.owner as UserId,
  ownerIsAdmin: row.owner_is_admin,
  timing: row.timing as Timing,
  missedRuns: row.missed_runs as MissedRuns,
  request: row.request as NotificationRequest,
  state: row.state as Schedule['state'],
  ...(row.next_run_at === null ? {} : { nextRunAt: row.next_run_at }),
  createdAt: row.created_at,
});
