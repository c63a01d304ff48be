import type { Channel } from '../../../domain/channel.ts';
import type { MessageId, UserId } from '../../../domain/ids.ts';
import type { Content, Message, Position } from '../../../domain/message.ts';
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
export const idKey = (table: DynamoTable, { channel, id }: Entry): Item => ({
  pk: table.pk(`${channel}#id#${id}`),
  sk: 0,
});

export const waitingKey = (table: DynamoTable, channel: Channel): string => table.pk(`${channel}#waiting`);

export const messageItem = (
  table: DynamoTable,
  { id, channel, sentAt, from, content }: Entry,
  { epoch, offset }: Position,
  maxAgeMs: number,
): Item => ({
  pk: table.pk(channel),
  sk: offset,
  epoch,
  id,
  sentAt,
  from,
  // JSON, since numbers of DynamoDB are not JavaScript's.
  content,
  ttl: ttlOf(sentAt + maxAgeMs + STORED_LONGER_MS),
});

export const idItem = (
  table: DynamoTable,
  entry: Entry,
  { epoch, offset }: Position,
  maxAgeMs: number,
): Item => ({
  ...idKey(table, entry),
  epoch,
  place: offset,
  sentAt: entry.sentAt,
  token: entry.token,
  ttl: ttlOf(entry.sentAt + maxAgeMs + STORED_LONGER_MS),
});

/** Where a message stands, and by which append, as its id's item has it. */
export const toPlace = (item: Item): Position & { readonly token: string } => ({
  epoch: item.epoch as string,
  offset: item.place as number,
  token: item.token as string,
});

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

/** `since` is when it began to wait, in ms since 1970. */
export const waitingItem = (
  table: DynamoTable,
  { id, channel, sentAt, from, content, token }: Entry,
  { sk, since }: { readonly sk: number; readonly since: number },
): Item => ({
  pk: waitingKey(table, channel),
  sk,
  id,
  sentAt,
  from,
  content,
  token,
  since,
  ttl: ttlOf(since + STORED_LONGER_MS),
});

export const toEntry = (channel: Channel, item: Item): Entry => ({
  id: item.id as MessageId,
  channel,
  sentAt: item.sentAt as number,
  from: item.from as UserId,
  content: item.content as string,
  token: item.token as string,
});
