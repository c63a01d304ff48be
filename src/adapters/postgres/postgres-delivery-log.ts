import type { ExpressionBuilder, Kysely, Selectable, SelectQueryBuilder } from 'kysely';
import { sql } from 'kysely';
import type { NotificationId, UserId } from '../../domain/ids.ts';
import type { TrailEntry, TrailEvent } from '../../domain/trail.ts';
import { DEFAULT_TRAIL_KEPT_MS, entryKey, MAX_ENTRIES_OF_USER } from '../../domain/trail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryLog, TrailPage, TrailQuery, UserNotifications } from '../../ports/delivery-log.ts';
import type { TrailPlace } from '../storage/trail-cursor.ts';
import { pageOf, parseCursor } from '../storage/trail-cursor.ts';
import type { Database } from './database.ts';
import { indexCondition } from './index-condition.ts';
import { recordset } from './recordset.ts';
import type { Tables } from './schema.ts';
import { fittingLists, MAX_ROWS, writeBatcher } from './statement-batcher.ts';

export interface PostgresDeliveryLogOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** ms */
  readonly keptMs?: number;
}

/** Entries deleted in one go. */
const SWEPT_AT_ONCE = 10_000;

const OF_WHOLE_CHANNELS = indexCondition('');

type Row = Selectable<Tables['trail_entry']>;
type Entries = SelectQueryBuilder<Tables, 'trail_entry', object>;

/** A row for each entry. Those that arrive while others are being written go into the next statement together. */
export class PostgresDeliveryLog implements DeliveryLog {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #keptMs: number;
  readonly #appends = writeBatcher({
    fitting: fittingLists,
    work: (lists: readonly (readonly TrailEntry[])[]) => this.#write(lists.flat()),
  });

  constructor({ database, clock, keptMs }: PostgresDeliveryLogOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#keptMs = keptMs ?? DEFAULT_TRAIL_KEPT_MS;
  }

  async append(entries: readonly TrailEntry[]): Promise<void> {
    const parts: Promise<void>[] = [];
    for (let start = 0; start < entries.length; start += MAX_ROWS)
      parts.push(this.#appends.ask(entries.slice(start, start + MAX_ROWS)));
    await Promise.all(parts);
  }

  find(id: NotificationId, { user, cursor, limit }: TrailQuery): Promise<TrailPage> {
    return this.#page(cursor, limit, db => {
      const ofAll = this.#kept(db).where('notification_id', '=', id);
      return user === undefined ? ofAll : ofAll.where('user_id', '=', user);
    });
  }

  allOf(user: UserId, { cursor, limit }: Omit<TrailQuery, 'user'>): Promise<TrailPage> {
    return this.#page(cursor, limit, db => ofOne(this.#kept(db), user));
  }

  async ofUser(user: UserId, { cursor, limit }: Omit<TrailQuery, 'user'>): Promise<UserNotifications> {
    const before = parseCursor(cursor);
    const { items, next } = await this.#database.run(async db => {
      let query = ofOne(this.#kept(db), user).where('kind', '=', 'received');
      if (before !== undefined) query = query.where(place(before, '<'));
      const received = await query
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('position', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(received, limit);
    });
    const last = await this.#lastOf(user, items);
    const notifications = items.map(row => ({
      received: toEntry(row),
      last: toEntry(last.get(row.notification_id) ?? row),
    }));
    return { notifications, ...(next === undefined ? {} : { next }) };
  }

  async erase(user: UserId): Promise<void> {
    await this.#database.run(db =>
      db
        .deleteFrom('trail_entry')
        .where('user_id', '=', user)
        .where('user_id', '<>', OF_WHOLE_CHANNELS)
        .execute(),
    );
  }

  /** Deletes what is older than is kept. @returns how many entries */
  async sweep(): Promise<number> {
    const { numDeletedRows } = await this.#database.run(db =>
      db
        .deleteFrom('trail_entry')
        .where(({ eb, refTuple, selectFrom }) =>
          eb(
            refTuple('notification_id', 'user_id', 'key'),
            'in',
            selectFrom('trail_entry as aged')
              .select(['aged.notification_id', 'aged.user_id', 'aged.key'])
              .where('aged.at', '<=', this.#agedUntil())
              .limit(SWEPT_AT_ONCE)
              .$asTuple('notification_id', 'user_id', 'key'),
          ),
        )
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }

  async #page(
    cursor: string | undefined,
    limit: number,
    wanted: (db: Kysely<Tables>) => Entries,
  ): Promise<TrailPage> {
    const after = parseCursor(cursor);
    const rows = await this.#database.run(db => {
      const all = wanted(db);
      return (after === undefined ? all : all.where(place(after, '>')))
        .selectAll()
        .orderBy('at')
        .orderBy('position')
        .limit(limit + 1)
        .execute();
    });
    const { items, next } = pageOf(rows, limit);
    return { entries: items.map(toEntry), ...(next === undefined ? {} : { next }) };
  }

  async #lastOf(user: UserId, rows: readonly Row[]): Promise<ReadonlyMap<string, Row>> {
    if (rows.length === 0) return new Map();
    const ids = rows.map(({ notification_id }) => notification_id);
    const last = await this.#database.run(db =>
      this.#kept(db)
        .where('notification_id', 'in', ids)
        .where('user_id', '=', user)
        .distinctOn('notification_id')
        .selectAll()
        .orderBy('notification_id')
        .orderBy('at', 'desc')
        .orderBy('position', 'desc')
        .execute(),
    );
    return new Map(last.map(row => [row.notification_id, row]));
  }

  #kept(db: Kysely<Tables>): Entries {
    return db.selectFrom('trail_entry').where('at', '>', this.#agedUntil());
  }

  /** One statement, and so one commit. */
  async #write(entries: readonly TrailEntry[]): Promise<void> {
    const rows = new Map<string, Record<string, string | number>>();
    for (const entry of entries) {
      const { notificationId: id, user = '', at, event } = entry;
      const key = entryKey(entry);
      const name = JSON.stringify([id, user, key]);
      if (!rows.has(name)) {
        const rank = rows.size;
        rows.set(name, { rank, id, user, key, at, kind: event.kind, event: JSON.stringify(event) });
      }
    }
    const table = sql.id(this.#database.schema, 'trail_entry');
    await this.#database.run(db =>
      sql`
        insert into ${table} (notification_id, user_id, key, at, kind, event)
        select entry.id, entry.user, entry.key, entry.at, entry.kind, entry.event::json
        from ${recordset('entry', [...rows.values()])}
        where entry.user = '' or (
          select count(*) from ${table} as told
          where told.notification_id = entry.id and told.user_id = entry.user
        ) < ${MAX_ENTRIES_OF_USER}::bigint
        order by entry.rank
        on conflict do nothing
      `.execute(db),
    );
  }

  #agedUntil(): number {
    return this.#clock.now() - this.#keptMs;
  }
}

/** Says again that a user's id is never '', so that the index that leaves channels out can be taken. */
const ofOne = (query: Entries, user: UserId): Entries =>
  query.where('user_id', '=', user).where('user_id', '<>', OF_WHOLE_CHANNELS);

const place =
  ({ at, position }: TrailPlace, side: '<' | '>') =>
  ({ eb, refTuple, tuple }: ExpressionBuilder<Tables, 'trail_entry'>) =>
    eb(refTuple('at', 'position'), side, tuple(at, position));

const toEntry = ({ notification_id, user_id, at, event }: Row): TrailEntry => ({
  notificationId: notification_id as NotificationId,
  ...(user_id === '' ? {} : { user: user_id as UserId }),
  at,
  event: event as TrailEvent,
});
