import type { Selectable } from 'kysely';
import type { UserId } from '../../domain/ids.ts';
import type { NotificationRequest } from '../../domain/notification.ts';
import type { MissedRuns, Schedule, ScheduleId, Timing } from '../../domain/schedule.ts';
import type { ScheduleChange, ScheduleQuery, ScheduleStore } from '../../ports/schedule-store.ts';
import type { Database } from './database.ts';
import type { Tables } from './schema.ts';

export class PostgresScheduleStore implements ScheduleStore {
  readonly #database: Database;

  constructor({ database }: { readonly database: Database }) {
    this.#database = database;
  }

  async add(schedule: Schedule): Promise<void> {
    await this.#database.run(db =>
      db
        .insertInto('schedule')
        .values({
          id: schedule.id,
          owner: schedule.owner,
          owner_is_admin: schedule.ownerIsAdmin,
          timing: JSON.stringify(schedule.timing),
          missed_runs: schedule.missedRuns,
          request: JSON.stringify(schedule.request),
          state: schedule.state,
          next_run_at: schedule.nextRunAt ?? null,
          created_at: schedule.createdAt,
        })
        .onConflict(conflict => conflict.doNothing())
        .execute(),
    );
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
        .where('state', '=', 'active')
        .where('next_run_at', '<=', now)
        .orderBy('next_run_at')
        .limit(limit)
        .execute(),
    );
    return rows.map(toSchedule);
  }

  async change({ id, state, nextRunAt }: Schedule, to: ScheduleChange): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.run(db =>
      db
        .updateTable('schedule')
        .set({ state: to.state, next_run_at: to.nextRunAt ?? null })
        .where('id', '=', id)
        .where('state', '=', state)
        .where('next_run_at', 'is not distinct from', nextRunAt ?? null)
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }

  async delete(id: ScheduleId): Promise<boolean> {
    const { numDeletedRows } = await this.#database.run(db =>
      db.deleteFrom('schedule').where('id', '=', id).executeTakeFirst(),
    );
    return numDeletedRows > 0n;
  }
}

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
