import type { Kysely } from 'kysely';
import type { DeviceId } from '../../domain/device.ts';
import type { MessageId, UserId } from '../../domain/ids.ts';
import type { PushedMessage } from '../../domain/push-task.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LockScreenStore, ShownPush, StandingPush } from '../../ports/lock-screen-store.ts';
import type { Database } from './database.ts';
import type { Tables } from './schema.ts';

/** As long as the port promises. */
const KEPT_MS = 30 * 86_400_000;

/** A row a push, with the ids of what it tells of, and of those that are unread. */
export class PostgresLockScreenStore implements LockScreenStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  async show({ user, deviceId, collapseId, messages, sentAt }: ShownPush): Promise<boolean> {
    const shown = {
      messages: JSON.stringify(messages),
      unread: messages.map(({ id }) => id),
      sent_at: sentAt,
    };
    const row = await this.#database.run(db =>
      db
        .insertInto('lock_screen')
        .values({ user_id: user, device_id: deviceId, collapse_id: collapseId, ...shown })
        .onConflict(conflict =>
          conflict
            .columns(['user_id', 'device_id', 'collapse_id'])
            .doUpdateSet(shown)
            .where('lock_screen.sent_at', '<=', sentAt),
        )
        .returning('sent_at')
        .executeTakeFirst(),
    );
    return row !== undefined;
  }

  async read(user: UserId, messageIds?: readonly MessageId[]): Promise<void> {
    await this.#database.transact(async db => {
      const rows = await this.#kept(db, user)
        .select(['device_id', 'collapse_id', 'unread'])
        .orderBy('device_id')
        .orderBy('collapse_id')
        .forUpdate()
        .execute();
      for (const { device_id, collapse_id, unread } of rows) {
        const left =
          messageIds === undefined ? [] : unread.filter(id => !messageIds.includes(id as MessageId));
        if (left.length < unread.length)
          await db
            .updateTable('lock_screen')
            .set({ unread: left })
            .where(({ and }) => and({ user_id: user, device_id, collapse_id }))
            .execute();
      }
    });
  }

  async list(user: UserId): Promise<readonly StandingPush[]> {
    const rows = await this.#database.run(db =>
      this.#kept(db, user)
        .select(['device_id', 'collapse_id', 'messages', 'sent_at', 'unread'])
        .orderBy('sent_at')
        .execute(),
    );
    return rows.map(({ device_id, collapse_id, messages, sent_at, unread }) => ({
      deviceId: device_id as DeviceId,
      collapseId: collapse_id,
      messages: messages as readonly PushedMessage[],
      sentAt: sent_at,
      read: unread.length === 0,
    }));
  }

  async withdrawn(user: UserId, deviceId: DeviceId, collapseIds: readonly string[]): Promise<void> {
    await this.#database.run(db =>
      db
        .deleteFrom('lock_screen')
        .where(({ and }) => and({ user_id: user, device_id: deviceId as string }))
        .where('collapse_id', 'in', collapseIds)
        .where(({ fn, eb }) => eb(fn<number>('cardinality', ['unread']), '=', 0))
        .execute(),
    );
  }

  async erase(user: UserId): Promise<void> {
    await this.#database.run(db => db.deleteFrom('lock_screen').where('user_id', '=', user).execute());
  }

  /** Deletes what is older than is kept. @returns how many */
  async sweep(): Promise<number> {
    const { numDeletedRows } = await this.#database.run(db =>
      db.deleteFrom('lock_screen').where('sent_at', '<=', this.#agedUntil()).executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }

  #kept(db: Kysely<Tables>, user: UserId) {
    return db.selectFrom('lock_screen').where('user_id', '=', user).where('sent_at', '>', this.#agedUntil());
  }

  #agedUntil(): number {
    return this.#clock.now() - KEPT_MS;
  }
}
