import type { Channel } from '../../../domain/channel.ts';
import type { MessageId, UserId } from '../../../domain/ids.ts';
import type { Content, Message, MessageDraft, Position } from '../../../domain/message.ts';
import type { Entry } from './append-queue.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { ttlOf } from './dynamo-table.ts';

/**
 * How much longer than it is kept a message is stored. As long as no two clocks are further apart, none is deleted
 * while one of a lower offset is still kept.
 */
const STORED_LONGER_MS = 3_600_000;

export const headKey = (table: DynamoTable, channel: Channel): Item => ({ pk: table.pk(channel), sk: 0 });

/** No channel's name has a `#`. A partition of its own, so that ids take nothing from the throughput of the log. */
export const idKey = (table: DynamoTable, { channel, id }: MessageDraft): Item => ({
  pk: table.pk(`${channel}#id#${id}`),
  sk: 0,
});

export const messageItem = (
  table: DynamoTable,
  { draft, content }: Entry,
  { epoch, offset }: Position,
  maxAgeMs: number,
): Item => ({
  ...headKey(table, draft.channel),
  sk: offset,
  epoch,
  id: draft.id,
  sentAt: draft.sentAt,
  from: draft.from,
  // JSON, since numbers of DynamoDB are not JavaScript's.
  content,
  ttl: ttlOf(draft.sentAt + maxAgeMs + STORED_LONGER_MS),
});

export const idItem = (
  table: DynamoTable,
  draft: MessageDraft,
  { epoch, offset }: Position,
  maxAgeMs: number,
): Item => ({
  ...idKey(table, draft),
  epoch,
  place: offset,
  sentAt: draft.sentAt,
  ttl: ttlOf(draft.sentAt + maxAgeMs + STORED_LONGER_MS),
});

/** Where a message stands, by its id's item. */
export const toPlace = (item: Item | undefined): Position | undefined =>
  item && { epoch: item.epoch as string, offset: item.place as number };

export const toPosition = (item: Item | undefined): Position | undefined =>
  item && { epoch: item.epoch as string, offset: item.head as number };

export const toMessage = (channel: Channel, item: Item): Message => ({
  id: item.id as MessageId,
  channel,
  sentAt: item.sentAt as number,
  from: item.from as UserId,
  content: JSON.parse(item.content as string) as Content,
  epoch: item.epoch as string,
  offset: item.sk as number,
});
