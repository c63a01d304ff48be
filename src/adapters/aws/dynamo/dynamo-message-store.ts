import type { Channel } from '../../../domain/channel.ts';
import type { Retention } from '../../../domain/channel-policy.ts';
import { DEFAULT_RETENTION } from '../../../domain/channel-policy.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { MessageId } from '../../../domain/ids.ts';
import type { Message, MessageDraft, Position } from '../../../domain/message.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';
import type { Appended, LogPage, LogQuery, MessageStore } from '../../../ports/message-store.ts';
import { Batcher } from '../../storage/batcher.ts';
import type { Entry } from '../../storage/log-entry.ts';
import { fitting } from '../../storage/log-entry.ts';
import type { LogRange } from '../../storage/log-page.ts';
import { readPage } from '../../storage/log-page.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions } from './dynamo-table.ts';
import { DynamoTable } from './dynamo-table.ts';
import { KeptRun } from './kept-run.ts';
import { BATCH, readHead } from './log-commit.ts';
import { LogWriter } from './log-writer.ts';
import { headKey, idKey, toMessage, toPosition } from './message-items.ts';

export interface DynamoMessageStoreOptions extends DynamoTableOptions {
  /** What each channel keeps; the default where absent. What is beyond a count is not read, and deleted when aged. */
  readonly retention?: (channel: Channel) => Retention;
}

/** DynamoDB's limit of 400 KB an item, less what is not content. */
const CONTENT_BYTES = 390_000;

/**
 * A channel's log is a partition: its head, and an item per message. The head moves in the same transaction that
 * writes what it counts, so that whoever sees an offset can read everything below it. docs/data-model.md has the items
 * and the costs.
 */
export class DynamoMessageStore implements MessageStore {
  readonly #table: DynamoTable;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;
  readonly #retention: (channel: Channel) => Retention;
  /** One batch of a channel at a time, so that an instance never stands in its own way. */
  readonly #appends: Batcher<Entry, Appended>;

  constructor(options: DynamoMessageStoreOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#retention = options.retention ?? (() => DEFAULT_RETENTION);
    const writer = new LogWriter({ ...options, table: this.#table, retention: this.#retention });
    this.#appends = new Batcher({
      laneOf: ({ channel }) => channel,
      nameOf: ({ id }) => id,
      fitting: entries => fitting(entries, BATCH),
      work: entries => writer.write((entries[0] as Entry).channel, entries),
    });
  }

  /** @throws FanfareError `too-large` for content that no item has room for, `unavailable` when others kept winning */
  async append(draft: MessageDraft): Promise<Appended> {
    const content = JSON.stringify(draft.content);
    if (Buffer.byteLength(content) > CONTENT_BYTES) {
      throw new FanfareError('too-large', `a message can have ${CONTENT_BYTES} bytes`);
    }
    return this.#appends.ask({ ...draft, content, token: this.#ids.next() });
  }

  async position(channel: Channel): Promise<Position> {
    const head = await readHead(this.#table, channel);
    if (head !== undefined) return head;
    const epoch = this.#ids.next();
    const result = await this.#table.put({
      Item: { ...headKey(this.#table, channel), epoch, head: 0 },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    return (result.done ? undefined : toPosition(result.refusals[0]?.found)) ?? { epoch, offset: 0 };
  }

  /** The head is read first: everything up to it is there to be read after. */
  async read(channel: Channel, query: LogQuery): Promise<LogPage> {
    const position = await this.position(channel);
    return readPage(position, query, range => this.#kept(channel, position, range));
  }

  /** The head first, without which nothing of the log is read; then what it had. Doing it again finishes what was begun. */
  async erase(channel: Channel): Promise<void> {
    await this.#table.delete({ Key: headKey(this.#table, channel) });
    const { epoch } = await this.position(channel);
    let ExclusiveStartKey: Item | undefined;
    do {
      const { items, more } = await this.#table.query({
        KeyConditionExpression: 'pk = :pk AND sk > :head',
        FilterExpression: 'epoch <> :epoch',
        ExpressionAttributeValues: { ':pk': headKey(this.#table, channel).pk, ':head': 0, ':epoch': epoch },
        ProjectionExpression: 'pk, sk, id',
        ExclusiveStartKey,
      });
      const ids = items.map(({ id }) => idKey(this.#table, { channel, id: id as MessageId }));
      await this.#table.deleteAll([...items.map(({ pk, sk }) => ({ pk, sk })), ...ids]);
      ExclusiveStartKey = more;
    } while (ExclusiveStartKey !== undefined);
  }

  /** The first messages kept of a range, without a gap. */
  async #kept(
    channel: Channel,
    { epoch, offset: head }: Position,
    { from, to, limit }: LogRange,
  ): Promise<readonly Message[]> {
    const { maxAgeMs, maxMessages = Number.POSITIVE_INFINITY } = this.#retention(channel);
    const run = new KeptRun({ epoch, agedUntil: this.#clock.now() - maxAgeMs });
    let next: number | undefined = Math.max(from, 1, head + 1 - maxMessages);
    while (next !== undefined && next <= to && run.messages.length < limit) {
      const { items, more } = await this.#table.query({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': headKey(this.#table, channel).pk, ':from': next, ':to': to },
        // Past what has aged by whole pages, since nobody knows how much of it there is.
        ...(run.skipped === 0 ? { Limit: limit } : {}),
      });
      for (const item of items) run.add(toMessage(channel, item));
      next = more === undefined ? undefined : Number(more.sk) + 1;
    }
    return run.messages.slice(0, limit);
  }
}
