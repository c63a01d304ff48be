import type { Channel } from '../../../domain/channel.ts';
import type { MessageId, UserId } from '../../../domain/ids.ts';
import type { Content, Message, Position } from '../../../domain/message.ts';
import type { Entry } from '../../storage/log-entry.ts';
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
export const idKey = (table: DynamoTable, { channel, id }: Pick<Entry, 'channel' | 'id'>): Item => ({
  pk: table.pk(`${channel}#id#${id}`),
  sk: 0,
});

/** Those who wait, in a partition of their own as well. */
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
export interface Place {
  readonly position: Position;
  readonly sentAt: number;
  readonly token: string;
}

export const toPlace = (item: Item): Place => ({
  position: { epoch: item.epoch as string, offset: item.place as number },
  sentAt: item.sentAt as number,
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

/** Entries that wait to be taken into their channel's log together. */
export interface Group {
  readonly channel: Channel;
  readonly place: number;
  readonly token: string;
  /** When it began to wait, in ms since 1970. */
  readonly since: number;
  readonly entries: readonly Entry[];
}

export const groupKey = (table: DynamoTable, { channel, place }: Group): Item => ({
  pk: waitingKey(table, channel),
  sk: place,
});

export const groupItem = (table: DynamoTable, group: Group): Item => ({
  ...groupKey(table, group),
  token: group.token,
  since: group.since,
  entries: group.entries.map(({ id, sentAt, from, content, token }) => ({
    id,
    sentAt,
    from,
    content,
    token,
  })),
  ttl: ttlOf(group.since + STORED_LONGER_MS),
});

export const toGroup = (channel: Channel, { sk, token, since, entries }: Item): Group => ({
  channel,
  place: sk as number,
  token: token as string,
  since: since as number,
  entries: (entries as Omit<Entry, 'channel'>[]).map(entry => ({ ...entry, channel })),
});
