import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import type { Channel } from '../../domain/channel.ts';
import type { Retention } from '../../domain/channel-policy.ts';
import { DEFAULT_RETENTION } from '../../domain/channel-policy.ts';
import type { MessageId, UserId } from '../../domain/ids.ts';
import type { Content, Message, MessageDraft, Position } from '../../domain/message.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Appended, LogPage, LogQuery, MessageStore } from '../../ports/message-store.ts';
import type { Entry } from '../storage/log-entry.ts';
import type { LogRange } from '../storage/log-page.ts';
import { readPage } from '../storage/log-page.ts';
import { appendAtOnce, nameOf } from './append-statement.ts';
import type { Database } from './database.ts';
import { explain, isConflict } from './postgres-errors.ts';
import type { Tables } from './schema.ts';
import { fittingPayloads, statementBatcher } from './statement-batcher.ts';

export interface PostgresMessageStoreOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** What each channel keeps; the default where absent. */
  readonly retention?: (channel: Channel) => Retention;
}

/** The append of each so many-eth message of a channel trims it; what is read is cut to what is kept anyway. */
const TRIMMED_EVERY = 64;

/** Channels that are trimmed in one go. */
const SWEPT_AT_ONCE = 100;

/**
 * A channel's log: its place in one row, a row for each message. An append holds the place's lock until it has
 * committed, so that whoever sees an offset can read everything below it.
 */
export class PostgresMessageStore implements MessageStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;
  readonly #retention: (channel: Channel) => Retention;
  readonly #appends = statementBatcher<Entry, Appended>({
    nameOf,
    fitting: fittingPayloads(({ content }) => content.length),
    work: entries => this.#write(entries),
  });

  constructor({ database, clock, ids, retention }: PostgresMessageStoreOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#ids = ids;
    this.#retention = retention ?? (() => DEFAULT_RETENTION);
  }

  /** @throws FanfareError `unavailable` when the database cannot answer now; then it may have been written */
  async append(draft: MessageDraft): Promise<Appended> {
    const { channel } = draft;
    const entry = { ...draft, content: JSON.stringify(draft.content), token: this.#ids.next() };
    const appended = await this.#appends.ask(entry);
    if (!appended.duplicate && appended.position.offset % TRIMMED_EVERY === 0)
      await this.#database.transact(db => this.#trim(db, channel));
    return appended;
  }

  position(channel: Channel): Promise<Position> {
    return this.#database.run(async db => {
      const place = await readPlace(db, channel);
      if (place !== undefined) return place;
      const promised = { channel, epoch: this.#ids.next(), head: 0 };
      await db
        .insertInto('channel_log')
        .values(promised)
        .onConflict(conflict => conflict.doNothing())
        .execute();
      return (await readPlace(db, channel)) ?? { epoch: promised.epoch, offset: 0 };
    });
  }

  async read(channel: Channel, query: LogQuery): Promise<LogPage> {
    const position = await this.position(channel);
    return readPage(position, query, range => this.#kept(channel, position, range));
  }

  erase(channel: Channel): Promise<void> {
    return this.#database.transact(async db => {
      // The place first, which those who append lock as well.
      await db.deleteFrom('channel_log').where('channel', '=', channel).execute();
      await db.deleteFrom('message').where('channel', '=', channel).execute();
    });
  }

  /** Deletes what has aged in channels that nobody writes to any more. @returns how many messages */
  async sweep(): Promise<number> {
    const channels = await this.#database.run(db =>
      db
        .selectFrom('message')
        .select('channel')
        .distinct()
        .where('expires_at', '<=', this.#clock.now())
        .limit(SWEPT_AT_ONCE)
        .execute(),
    );
    let deleted = 0;
    // A transaction for each, so that nobody who appends waits for the sweep of others.
    for (const { channel } of channels)
      deleted += await this.#database.transact(db => this.#trim(db, channel as Channel));
    return deleted;
  }

  #kept(channel: Channel, { epoch, offset: head }: Position, range: LogRange): Promise<readonly Message[]> {
    const { maxMessages = Number.POSITIVE_INFINITY } = this.#retention(channel);
    const from = Math.max(range.from, 1, head + 1 - maxMessages);
    if (from > range.to) return Promise.resolve([]);
    return this.#database.run(async db => {
      const rows = await db
        .selectFrom('message')
        .selectAll()
        .where('channel', '=', channel)
        .where('epoch', '=', epoch)
        .where('position', '>=', from)
        .where('position', '<=', range.to)
        .where('position', '>=', eb => firstYoung(eb, channel, this.#agedUntil(channel)))
        .orderBy('position')
        .limit(range.limit)
        .execute();
      return rows.map(row => ({
        id: row.id as MessageId,
        channel,
        sentAt: row.sent_at,
        from: row.sender as UserId,
        content: row.content as Content,
        epoch: row.epoch,
        offset: row.position,
      }));
    });
  }

  /** In one statement, and where that met what is no longer kept, or another with the same id, once more in peace. */
  async #write(entries: readonly Entry[]): Promise<readonly Appended[]> {
    const channels = new Set(entries.map(({ channel }) => channel));
    const logs = [...channels].map(channel => ({
      channel,
      epoch: this.#ids.next(),
      retention: this.#retention(channel),
      agedUntil: this.#agedUntil(channel),
    }));
    const { kysely, schema } = this.#database;
    try {
      return await appendAtOnce(kysely, schema, logs, entries);
    } catch (error) {
      // Of many, each is tried alone first.
      if (!isConflict(error) || entries.length > 1) throw explain(error);
    }
    return this.#database.transact(async db => {
      for (const channel of channels) await this.#trim(db, channel);
      return appendAtOnce(db, schema, logs, entries);
    });
  }

  /** The channel's place, which nobody else moves until the transaction ends. */
  async #lockPlace(db: Transaction<Tables>, channel: Channel): Promise<Position> {
    const { epoch, head } = await db
      .insertInto('channel_log')
      .values({ channel, epoch: this.#ids.next(), head: 0 })
      .onConflict(conflict =>
        conflict.column('channel').doUpdateSet(eb => ({ head: eb.ref('channel_log.head') })),
      )
      .returning(['epoch', 'head'])
      .executeTakeFirstOrThrow();
    return { epoch, offset: head };
  }

  /**
   * Deletes what is no longer kept: always the oldest, so that what stays has no gap; and what a lost log left. Under the
   * place's lock, so that no other log can have begun since its epoch was read. @returns how many messages
   */
  async #trim(db: Transaction<Tables>, channel: Channel): Promise<number> {
    const { epoch, offset: head } = await this.#lockPlace(db, channel);
    const { maxMessages } = this.#retention(channel);
    const tooMany = maxMessages === undefined ? 0 : head - maxMessages;
    const { numDeletedRows } = await db
      .deleteFrom('message')
      .where('channel', '=', channel)
      .where(eb =>
        eb.or([
          eb('epoch', '<>', epoch),
          eb('position', '<=', tooMany),
          eb('position', '<', firstYoung(eb, channel, this.#agedUntil(channel))),
        ]),
      )
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  /** What was sent then or before is no longer kept. */
  #agedUntil(channel: Channel): number {
    return this.#clock.now() - this.#retention(channel).maxAgeMs;
  }
}

const readPlace = async (db: Kysely<Tables>, channel: string): Promise<Position | undefined> => {
  const row = await db
    .selectFrom('channel_log')
    .select(['epoch', 'head'])
    .where('channel', '=', channel)
    .executeTakeFirst();
  return row && { epoch: row.epoch, offset: row.head };
};

/** The first position of a channel's message that is young enough to be kept; beyond all where none is. */
const firstYoung = (eb: ExpressionBuilder<Tables, 'message'>, channel: Channel, agedUntil: number) =>
  eb.fn.coalesce(
    eb
      .selectFrom('message as young')
      .select(({ fn }) => fn.min('young.position').as('first'))
      .where('young.channel', '=', channel)
      .where('young.sent_at', '>', agedUntil),
    eb.val(Number.MAX_SAFE_INTEGER),
  );
