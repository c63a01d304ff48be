import type { Kysely, Selectable, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { MessageId, UserId } from '../../domain/ids.ts';
import type { InboxEntry, InboxItem, Mark } from '../../domain/inbox.ts';
import type { Notification } from '../../domain/notification.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxPage, InboxQuery, InboxStore } from '../../ports/inbox-store.ts';
import type { Database } from './database.ts';
import { indexCondition } from './index-condition.ts';
import { recordset } from './recordset.ts';
import type { Tables } from './schema.ts';
import { fittingPayloads, statementBatcher } from './statement-batcher.ts';
import { takeTurn } from './take-turn.ts';

/** As long as the port promises. */
const KEPT_MS = 90 * 86_400_000;
/** Entries deleted in one go. */
const SWEPT_AT_ONCE = 10_000;

const UNREAD = indexCondition(false);

const MARKED = {
  read: { read: true },
  unread: { read: false, archived: false },
  archived: { read: true, archived: true },
  unarchived: { archived: false },
} as const satisfies Record<Mark, object>;

/** A row of the table, but for what it has at first. */
type Addition = {
  readonly user_id: string;
  readonly message_id: string;
  readonly position: number;
  readonly sent_at: number;
  readonly notification: string;
};

const nameOf = ({ user_id, message_id }: Pick<Addition, 'user_id' | 'message_id'>): string =>
  JSON.stringify([user_id, message_id]);

export class PostgresInboxStore implements InboxStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #additions = statementBatcher<Addition, 'added' | 'known'>({
    nameOf,
    fitting: fittingPayloads(({ notification }) => notification.length),
    work: rows => this.#add(rows),
  });

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  add(user: UserId, { messageId, offset, sentAt, notification }: InboxEntry): Promise<'added' | 'known'> {
    const added = { user_id: user, message_id: messageId, position: offset, sent_at: sentAt };
    return this.#additions.ask({ ...added, notification: JSON.stringify(notification) });
  }

  /** In one order, so that two servers wait for each other. */
  async #add(rows: readonly Addition[]): Promise<readonly ('added' | 'known')[]> {
    const added = await this.#database.run(db =>
      sql<Pick<Addition, 'user_id' | 'message_id'>>`
        insert into ${sql.id(this.#database.schema, 'inbox_entry')} as known
          (user_id, message_id, position, sent_at, notification)
        select user_id, message_id, position, sent_at, notification::json
        from ${recordset('addition', rows)}
        order by user_id, message_id
        on conflict (user_id, message_id) do update
        set position = excluded.position, sent_at = excluded.sent_at, notification = excluded.notification,
          read = false, archived = false, shown_at = null
        where known.sent_at <= ${this.#agedUntil()}::bigint
        returning user_id, message_id
      `.execute(db),
    );
    const names = new Set(added.rows.map(nameOf));
    return rows.map(row => (names.has(nameOf(row)) ? 'added' : 'known'));
  }

  async find(user: UserId, ids: readonly MessageId[]): Promise<readonly InboxItem[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.run(db =>
      this.#kept(db, user).selectAll().where('message_id', 'in', ids).execute(),
    );
    return rows.map(toItem);
  }

  list(user: UserId, { filter, before, limit }: InboxQuery): Promise<InboxPage> {
    return this.#database.run(async db => {
      let query = this.#kept(db, user).orderBy('position', 'desc');
      if (filter === 'unread') query = query.where('read', '=', UNREAD);
      else query = query.where('archived', '=', filter === 'archived');
      if (before !== undefined) query = query.where('position', '<', before);
      // One more than asked for, to know whether there are others.
      const rows = await query
        .selectAll()
        .limit(limit + 1)
        .execute();
      const items = rows.slice(0, limit).map(toItem);
      return { items, unread: await this.#unread(db, user), complete: rows.length <= limit };
    });
  }

  mark(
    user: UserId,
    ids: readonly MessageId[],
    as: Mark,
  ): Promise<{ readonly unread: number } | { readonly unknown: readonly MessageId[] }> {
    return this.#database.transact(async db => {
      await takeTurn(db, turnOf(user));
      const unknown = await this.#lock(db, user, ids);
      if (unknown.length > 0) return { unknown };
      await entriesOf(db, user, ids).set(MARKED[as]).execute();
      return { unread: await this.#unread(db, user) };
    });
  }

  markAllRead(user: UserId) {
    return this.#database.transact(async db => {
      await takeTurn(db, turnOf(user));
      const read = await db
        .updateTable('inbox_entry')
        .set({ read: true })
        .where('user_id', '=', user)
        .where('read', '=', UNREAD)
        .where('sent_at', '>', this.#agedUntil())
        .returning('message_id')
        .execute();
      return {
        unread: await this.#unread(db, user),
        read: read.map(({ message_id }) => message_id as MessageId),
      };
    });
  }

  shown(user: UserId, ids: readonly MessageId[], at: number): Promise<readonly MessageId[]> {
    return this.#database.transact(async db => {
      const unknown = await this.#lock(db, user, ids);
      if (unknown.length > 0) return unknown;
      await entriesOf(db, user, ids).set({ shown_at: at }).where('shown_at', 'is', null).execute();
      return [];
    });
  }

  async erase(user: UserId): Promise<void> {
    await this.#database.run(db => db.deleteFrom('inbox_entry').where('user_id', '=', user).execute());
  }

  /** Deletes what is older than an inbox keeps. @returns how many entries */
  async sweep(): Promise<number> {
    const { numDeletedRows } = await this.#database.run(db =>
      db
        .deleteFrom('inbox_entry')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('user_id', 'message_id'),
            'in',
            selectFrom('inbox_entry as aged')
              .select(['aged.user_id', 'aged.message_id'])
              .where('aged.sent_at', '<=', this.#agedUntil())
              .limit(SWEPT_AT_ONCE)
              .$asTuple('user_id', 'message_id'),
          ),
        )
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }

  /** In one order, so that two who want the same entries wait for each other. @returns those that are not there */
  async #lock(
    db: Transaction<Tables>,
    user: UserId,
    ids: readonly MessageId[],
  ): Promise<readonly MessageId[]> {
    const rows = await this.#kept(db, user)
      .select('message_id')
      .where('message_id', 'in', ids)
      .orderBy('message_id')
      .forUpdate()
      .execute();
    const found = new Set(rows.map(({ message_id }) => message_id));
    return ids.filter(id => !found.has(id));
  }

  async #unread(db: Kysely<Tables>, user: UserId): Promise<number> {
    const { unread } = await this.#kept(db, user)
      .select(({ fn }) => fn.countAll<number>().as('unread'))
      .where('read', '=', UNREAD)
      .executeTakeFirstOrThrow();
    return unread;
  }

  #kept(db: Kysely<Tables>, user: UserId) {
    return db.selectFrom('inbox_entry').where('user_id', '=', user).where('sent_at', '>', this.#agedUntil());
  }

  #agedUntil(): number {
    return this.#clock.now() - KEPT_MS;
  }
}

/** Of those who tell how many are unread since: each is to count what the others have marked. */
const turnOf = (user: UserId): string => `inbox ${user}`;

const entriesOf = (db: Transaction<Tables>, user: UserId, ids: readonly MessageId[]) =>
  db.updateTable('inbox_entry').where('user_id', '=', user).where('message_id', 'in', ids);

const toItem = (row: Selectable<Tables['inbox_entry']>): InboxItem => ({
  messageId: row.message_id as MessageId,
  offset: row.position,
  sentAt: row.sent_at,
  notification: row.notification as Notification,
  read: row.read,
  archived: row.archived,
  ...(row.shown_at === null ? {} : { shownAt: row.shown_at }),
});
