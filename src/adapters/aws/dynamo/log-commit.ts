import type { Channel } from '../../../domain/channel.ts';
import type { Retention } from '../../../domain/channel-policy.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { Position } from '../../../domain/message.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';
import type { BatchLimits, Entry } from '../../storage/log-entry.ts';
import type { Item, Refusal } from './dynamo-errors.ts';
import type { DynamoTable, Operation } from './dynamo-table.ts';
import { TRANSACTION_OPERATIONS } from './dynamo-table.ts';
import type { Place } from './message-items.ts';
import { headKey, idItem, messageItem, toPlace, toPosition } from './message-items.ts';

/** Beside the head's, a transaction has two operations for each message; and 4 MB, less what is not content. */
export const BATCH: BatchLimits = {
  entries: Math.floor((TRANSACTION_OPERATIONS - 1) / 2),
  bytes: 3_500_000,
};

export interface LogParts {
  readonly table: DynamoTable;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly retention: (channel: Channel) => Retention;
}

export type Committed =
  /** All of them; the first stands right after this position. */
  | { readonly outcome: 'done'; readonly start: Position }
  /** None of them, since these stand in the log already. */
  | { readonly outcome: 'duplicates'; readonly places: ReadonlyMap<Entry, Place> }
  /** None of them: the head was elsewhere, or someone is moving it at this moment. */
  | { readonly outcome: 'overtaken'; readonly head?: Position | undefined };

export interface Batch {
  readonly channel: Channel;
  /** Where the head is believed to be; absent for a channel that has none. */
  readonly head: Position | undefined;
  /** All of different ids, at least one. */
  readonly entries: readonly Entry[];
  /** What is deleted with it. */
  readonly deleting?: readonly Item[];
}

/**
 * Writes a batch to the end of a log, all or nothing, in one transaction that moves the head, if it is where it is
 * believed to be, and puts each message, and each message's id if it is not there.
 *
 * @throws FanfareError `internal` when what stands in the way is nobody's message
 */
export const commit = async (parts: LogParts, batch: Batch): Promise<Committed> => {
  const { channel, head, entries, deleting = [] } = batch;
  const start = head ?? { epoch: parts.ids.next(), offset: 0 };
  const result = await parts.table.tryTransact([
    moveHead(parts.table, channel, head, after(start, entries.length)),
    ...entries.flatMap((entry, index) => append(parts, entry, after(start, index))),
    ...deleting.map((Key): Operation => ({ Delete: { Key } })),
  ]);
  if (result === 'busy') return { outcome: 'overtaken' };
  if (result.done) return { outcome: 'done', start };
  const [ofHead, ...ofEntries] = result.refusals;
  if (ofHead?.refused) return { outcome: 'overtaken', head: toPosition(ofHead.found) };
  const places = duplicates(entries, ofEntries);
  if (places.size > 0) return { outcome: 'duplicates', places };
  throw new FanfareError('internal', `messages stand above the head of ${channel}`);
};

export const readHead = async (table: DynamoTable, channel: Channel): Promise<Position | undefined> =>
  toPosition(await table.get(headKey(table, channel)));

export const after = ({ epoch, offset }: Position, count: number): Position => ({
  epoch,
  offset: offset + count,
});

const moveHead = (
  table: DynamoTable,
  channel: Channel,
  from: Position | undefined,
  to: Position,
): Operation => {
  const Key = headKey(table, channel);
  const UpdateExpression = 'SET epoch = :epoch, head = :to';
  const values = { ':epoch': to.epoch, ':to': to.offset };
  const ConditionExpression =
    from === undefined ? 'attribute_not_exists(pk)' : 'epoch = :epoch AND head = :from';
  const ExpressionAttributeValues = from === undefined ? values : { ...values, ':from': from.offset };
  return { Update: { Key, UpdateExpression, ConditionExpression, ExpressionAttributeValues } };
};

/** Two operations: an id that is no longer kept, like all of an epoch that was lost, is as good as none. */
const append = (
  { table, clock, retention }: LogParts,
  entry: Entry,
  head: Position,
): readonly Operation[] => {
  const { maxAgeMs, maxMessages = Number.POSITIVE_INFINITY } = retention(entry.channel);
  const position = after(head, 1);
  return [
    {
      Put: {
        Item: messageItem(table, entry, position, maxAgeMs),
        ConditionExpression: 'attribute_not_exists(pk) OR epoch <> :epoch',
        ExpressionAttributeValues: { ':epoch': head.epoch },
      },
    },
    {
      Put: {
        Item: idItem(table, entry, position, maxAgeMs),
        ConditionExpression:
          'attribute_not_exists(pk) OR epoch <> :epoch OR sentAt <= :aged OR place <= :trimmed',
        ExpressionAttributeValues: {
          ':epoch': head.epoch,
          ':aged': clock.now() - maxAgeMs,
          ':trimmed': Math.max(0, head.offset - maxMessages),
        },
      },
    },
  ];
};

/** Two refusals for each entry: the message's, and its id's. */
const duplicates = (entries: readonly Entry[], refusals: readonly Refusal[]): ReadonlyMap<Entry, Place> => {
  const places = new Map<Entry, Place>();
  for (const [index, entry] of entries.entries()) {
    const ofId = refusals[2 * index + 1];
    if (ofId?.refused && ofId.found !== undefined) places.set(entry, toPlace(ofId.found));
  }
  return places;
};
