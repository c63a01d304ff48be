import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { DeadPushTask, PushTask, Settled } from '../../domain/push-task.ts';
import type { ClaimedTask, PushTaskStore } from '../../ports/push-task-store.ts';
import type { Database } from './database.ts';
import { recordset } from './recordset.ts';
import type { Tables } from './schema.ts';
import { fittingLists, writeBatcher } from './statement-batcher.ts';

/** Several workers, of one process or of many, share the tasks: each skips what another is just taking. */
export class PostgresPushTaskStore implements PushTaskStore {
  readonly #database: Database;
  readonly #additions = writeBatcher({
    fitting: fittingLists,
    work: (lists: readonly (readonly PushTask[])[]) => this.#database.run(db => this.#add(db, lists.flat())),
  });

  constructor({ database }: { readonly database: Database }) {
    this.#database = database;
  }

  async enqueue(tasks: readonly PushTask[]): Promise<void> {
    if (tasks.length > 0) await this.#additions.ask(tasks);
  }

  async claim(now: number, limit: number, leaseMs: number): Promise<readonly ClaimedTask[]> {
    const rows = await this.#database.run(db =>
      db
        .with('due', due =>
          due
            .selectFrom('push_task')
            .select('id')
            .where('due_at', '<=', now)
            .orderBy('due_at')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .updateTable('push_task')
        .set({ due_at: now + leaseMs, claims: sql<number>`claims + 1` })
        .where('id', 'in', from => from.selectFrom('due').select('due.id'))
        .returning(['due_at', 'claims', 'task'])
        .execute(),
    );
    return rows
      .map(({ due_at, claims, task }) => ({
        task: task as PushTask,
        lease: leaseOf({ due_at, claims }),
        claims,
      }))
      .sort((one, other) => one.task.dueAt - other.task.dueAt);
  }

  settle({ task, lease }: ClaimedTask, { next, deadLetter }: Settled, now: number): Promise<boolean> {
    return this.#database.transact(async db => {
      const row = await db
        .selectFrom('push_task')
        .select(['due_at', 'claims'])
        .where('id', '=', task.id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined || leaseOf(row) !== lease) return false;
      await db.deleteFrom('push_task').where('id', '=', task.id).execute();
      if (deadLetter !== undefined)
        await db
          .insertInto('push_dead_letter')
          .values({
            user_id: task.user,
            task: JSON.stringify(task),
            cause: deadLetter,
            failed_at: now,
          })
          .execute();
      if (next.length > 0) await this.#add(db, next);
      return true;
    });
  }

  async deadLetters(limit: number): Promise<readonly DeadPushTask[]> {
    const rows = await this.#database.run(db =>
      db.selectFrom('push_dead_letter').selectAll().orderBy('place').limit(limit).execute(),
    );
    return rows.map(({ task, cause, failed_at }) => ({
      task: task as PushTask,
      cause,
      failedAt: failed_at,
    }));
  }

  redrive(limit: number, now: number): Promise<number> {
    return this.#database.transact(async db => {
      const rows = await db
        .selectFrom('push_dead_letter')
        .select(['place', 'task'])
        .orderBy('place')
        .limit(limit)
        .forUpdate()
        .execute();
      if (rows.length === 0) return 0;
      const places = rows.map(({ place }) => place);
      await db.deleteFrom('push_dead_letter').where('place', 'in', places).execute();
      await this.#add(
        db,
        rows.map(({ task }) => ({ ...(task as PushTask), attempt: 0, dueAt: now })),
      );
      return rows.length;
    });
  }

  async erase(user: PushTask['user']): Promise<void> {
    await this.#database.transact(async db => {
      await db.deleteFrom('push_task').where('user_id', '=', user).execute();
      await db.deleteFrom('push_dead_letter').where('user_id', '=', user).execute();
    });
  }

  async #add(db: Kysely<Tables>, tasks: readonly PushTask[]): Promise<void> {
    const rows = tasks.map(task => ({
      id: task.id,
      user_id: task.user,
      due_at: task.dueAt,
      task: JSON.stringify(task),
    }));
    await sql`
      insert into ${sql.id(this.#database.schema, 'push_task')} (id, user_id, due_at, claims, task)
      select id, user_id, due_at, 0, task::json from ${recordset('added', rows)} order by id
      on conflict (id) do nothing
    `.execute(db);
  }
}

/** Ends every lease, for who knows that nobody is at work any more. */
export const abandonLeases = async (database: Database): Promise<void> => {
  await database.run(db =>
    db
      .updateTable('push_task')
      .set({ due_at: sql<number>`(task->>'dueAt')::bigint` })
      .where('claims', '>', 0)
      .execute(),
  );
};

/** No two leases of one task end at once, or are of one count. */
const leaseOf = ({ due_at, claims }: { readonly due_at: number; readonly claims: number }): string =>
  `${claims}@${due_at}`;
