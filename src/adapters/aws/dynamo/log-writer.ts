import type { Channel } from '../../../domain/channel.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { Position } from '../../../domain/message.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';
import type { Appended } from '../../../ports/message-store.ts';
import type { Entry } from './append-queue.ts';
import type { Refusal } from './dynamo-errors.ts';
import type { DynamoTable, Operation } from './dynamo-table.ts';
import { headKey, idItem, messageItem, toPlace, toPosition } from './message-items.ts';

/** Heads remembered at once; some 200 bytes each. */
const REMEMBERED_HEADS = 10_000;

export interface LogWriterParts {
  readonly table: DynamoTable;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly retention: { readonly maxAgeMs: number; readonly maxMessages?: number };
}

/**
 * Writes batches to the end of a log: one transaction moves the head, if it is where it is believed to be, and puts
 * each message and its id. Where the head was elsewhere, the refusal tells where, and it is tried from there.
 */
export class LogWriter {
  readonly #parts: LogWriterParts;
  /** Where heads were last seen; a guess that spares a read. The one used longest ago first. */
  readonly #heads = new Map<Channel, Position>();

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
  }

  /** @throws FanfareError `unavailable` when other writers were faster, time and again */
  async write(channel: Channel, entries: readonly Entry[]): Promise<readonly Appended[]> {
    const { table } = this.#parts;
    const appended = new Map<Entry, Appended>();
    let head = this.#heads.get(channel) ?? (await this.#readHead(channel));
    for (let attempt = 0; ; ) {
      const left = entries.filter(entry => !appended.has(entry));
      if (left.length === 0) break;
      const start = head ?? { epoch: this.#parts.ids.next(), offset: 0 };
      const result = await table.tryTransact(this.#operations(channel, left, head, start));
      if (result === 'busy') {
        await table.pause(attempt++);
        head = await this.#readHead(channel);
      } else if (result.done) {
        left.forEach((entry, index) => {
          appended.set(entry, { position: after(start, index + 1), duplicate: false });
        });
        head = after(start, left.length);
      } else if (result.refusals[0]?.refused) {
        head = toPosition(result.refusals[0].found);
        if (attempt++ > 0) {
          await table.pause(attempt - 2);
          head = await this.#readHead(channel);
        }
      } else {
        for (const [entry, place] of duplicates(left, result.refusals)) {
          appended.set(entry, { position: place, duplicate: true });
        }
      }
    }
    this.#remember(channel, head);
    return entries.flatMap(entry => appended.get(entry) ?? []);
  }

  /** The head's comes first, then two for each entry: the message's, and its id's. */
  #operations(
    channel: Channel,
    entries: readonly Entry[],
    head: Position | undefined,
    start: Position,
  ): readonly Operation[] {
    const { table, clock, retention } = this.#parts;
    const { maxAgeMs, maxMessages = Number.POSITIVE_INFINITY } = retention;
    const agedUntil = clock.now() - maxAgeMs;
    return [
      moveHead(table, channel, head, after(start, entries.length)),
      ...entries.flatMap((entry, index): Operation[] => {
        const position = after(start, index + 1);
        const { epoch } = position;
        const trimmedUntil = Math.max(0, start.offset + index - maxMessages);
        return [
          {
            Put: {
              Item: messageItem(table, entry, position, maxAgeMs),
              ConditionExpression: 'attribute_not_exists(pk) OR epoch <> :epoch',
              ExpressionAttributeValues: { ':epoch': epoch },
            },
          },
          {
            Put: {
              Item: idItem(table, entry.draft, position, maxAgeMs),
              ConditionExpression:
                'attribute_not_exists(pk) OR epoch <> :epoch OR sentAt <= :aged OR place <= :trimmed',
              ExpressionAttributeValues: { ':epoch': epoch, ':aged': agedUntil, ':trimmed': trimmedUntil },
            },
          },
        ];
      }),
    ];
  }

  async #readHead(channel: Channel): Promise<Position | undefined> {
    return toPosition(await this.#parts.table.get(headKey(this.#parts.table, channel)));
  }

  #remember(channel: Channel, head: Position | undefined): void {
    this.#heads.delete(channel);
    if (head !== undefined) this.#heads.set(channel, head);
    const [longestAgo] = this.#heads.keys();
    if (this.#heads.size > REMEMBERED_HEADS && longestAgo !== undefined) this.#heads.delete(longestAgo);
  }
}

const after = ({ epoch, offset }: Position, count: number): Position => ({ epoch, offset: offset + count });

const moveHead = (
  table: DynamoTable,
  channel: Channel,
  from: Position | undefined,
  to: Position,
): Operation => {
  const values = { ':epoch': to.epoch, ':to': to.offset };
  return {
    Update: {
      Key: headKey(table, channel),
      UpdateExpression: 'SET epoch = :epoch, head = :to',
      ...(from === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)', ExpressionAttributeValues: values }
        : {
            ConditionExpression: 'epoch = :epoch AND head = :from',
            ExpressionAttributeValues: { ...values, ':from': from.offset },
          }),
    },
  };
};

/** @throws FanfareError `internal` when nothing but the log itself is in the way */
const duplicates = (
  entries: readonly Entry[],
  refusals: readonly Refusal[],
): readonly (readonly [Entry, Position])[] => {
  const found = entries.flatMap((entry, index): (readonly [Entry, Position])[] => {
    const ofId = refusals[2 + 2 * index];
    const place = ofId?.refused ? toPlace(ofId.found) : undefined;
    return place === undefined ? [] : [[entry, place]];
  });
  if (found.length > 0) return found;
  throw new FanfareError('internal', 'messages stand above the head of their channel');
};
