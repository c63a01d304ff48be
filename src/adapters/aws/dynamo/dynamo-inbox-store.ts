import type { MessageId, UserId } from '../../../domain/ids.ts';
import type { InboxEntry, InboxItem, Mark } from '../../../domain/inbox.ts';
import type { Notification } from '../../../domain/notification.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { InboxFilter, InboxPage, InboxQuery, InboxStore } from '../../../ports/inbox-store.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions } from './dynamo-table.ts';
import { DynamoTable, ttlOf } from './dynamo-table.ts';

/** As long as the port promises. */
const KEPT_MS = 90 * 86_400_000;
/** Updates under way at once while all is being read. */
const UPDATES_AT_ONCE = 10;

/**
 * An item per entry. Its state is the indexes that it is in: of `listed`, `unread` and `archived`, those attributes that
 * it has hold its offset. The indexes are local, and so read consistently. docs/data-model.md has the costs.
 */
export class DynamoInboxStore implements InboxStore {
  readonly #table: DynamoTable;
  readonly #clock: Clock;

  constructor(options: DynamoTableOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
  }

  async add(user: UserId, entry: InboxEntry): Promise<'added' | 'known'> {
    const put = await this.#table.put({
      Item: { ...this.#key(user, entry.messageId), ...toItem(entry) },
      ConditionExpression: 'attribute_not_exists(pk) OR sentAt <= :aged',
      ExpressionAttributeValues: { ':aged': this.#agedUntil() },
    });
    return put.done ? 'added' : 'known';
  }

  async find(user: UserId, ids: readonly MessageId[]): Promise<readonly InboxItem[]> {
    const different = [...new Set(ids)];
    const items = await Promise.all(different.map(id => this.#table.get(this.#key(user, id))));
    return items
      .filter(item => item !== undefined)
      .map(toInboxItem)
      .filter(({ sentAt }) => sentAt > this.#agedUntil());
  }

  async list(user: UserId, { filter, before, limit }: InboxQuery): Promise<InboxPage> {
    const [found, unread] = await Promise.all([
      // One more than asked for, to know whether there are others.
      this.#newest(user, filter, before, limit + 1),
      this.#unread(user),
    ]);
    return { items: found.slice(0, limit).map(toInboxItem), unread, complete: found.length <= limit };
  }

  async mark(
    user: UserId,
    ids: readonly MessageId[],
    as: Mark,
  ): Promise<{ readonly unread: number } | { readonly unknown: readonly MessageId[] }> {
    const unknown = await this.#update(user, ids, MARKING[as]);
    return unknown.length > 0 ? { unknown } : { unread: await this.#unread(user) };
  }

  async markAllRead(user: UserId) {
    const entries = await this.#pages(user, 'unread', { ProjectionExpression: 'sk' });
    const read = entries.map(({ sk }) => sk as MessageId);
    for (let start = 0; start < read.length; start += UPDATES_AT_ONCE) {
      const some = read.slice(start, start + UPDATES_AT_ONCE);
      await Promise.all(some.map(id => this.#update(user, [id], MARKING.read)));
    }
    return { unread: await this.#unread(user), read };
  }

  shown(user: UserId, ids: readonly MessageId[], at: number): Promise<readonly MessageId[]> {
    return this.#update(user, ids, 'SET shownAt = if_not_exists(shownAt, :at)', { ':at': at });
  }

  async erase(user: UserId): Promise<void> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const { items, more } = await this.#table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': this.#table.pk(user) },
        ProjectionExpression: 'pk, sk',
        ExclusiveStartKey,
      });
      await this.#table.deleteAll(items);
      ExclusiveStartKey = more;
    } while (ExclusiveStartKey !== undefined);
  }

  /** All or none; one alone needs no transaction, which costs twice as much. @returns those that are not there */
  async #update(
    user: UserId,
    ids: readonly MessageId[],
    UpdateExpression: string,
    values: Item = {},
  ): Promise<readonly MessageId[]> {
    const different = [...new Set(ids)];
    const updates = different.map(id => ({
      Key: this.#key(user, id),
      UpdateExpression,
      ConditionExpression: 'sentAt > :aged',
      ...(UpdateExpression.includes('#offset') ? { ExpressionAttributeNames: { '#offset': 'offset' } } : {}),
      ExpressionAttributeValues: { ...values, ':aged': this.#agedUntil() },
    }));
    const [first] = updates;
    if (first === undefined) return [];
    const result =
      updates.length === 1
        ? await this.#table.update(first)
        : await this.#table.transact(updates.map(Update => ({ Update })));
    return result.done ? [] : different.filter((_, index) => result.refusals[index]?.refused);
  }

  async #unread(user: UserId): Promise<number> {
    let unread = 0;
    let ExclusiveStartKey: Item | undefined;
    do {
      const query = { ...this.#query(user, 'unread'), Select: 'COUNT' as const, ExclusiveStartKey };
      const { count, more } = await this.#table.query(query);
      unread += count;
      ExclusiveStartKey = more;
    } while (ExclusiveStartKey !== undefined);
    return unread;
  }

  async #newest(
    user: UserId,
    filter: InboxFilter,
    before: number | undefined,
    most: number,
  ): Promise<readonly Item[]> {
    const input = { Select: 'ALL_ATTRIBUTES' as const, ScanIndexForward: false };
    return this.#pages(user, INDEX[filter], input, { before, most });
  }

  /** What has aged counts towards the limit of what is read, but is not among the items. */
  async #pages(
    user: UserId,
    index: Index,
    input: { readonly Select?: 'ALL_ATTRIBUTES'; readonly ProjectionExpression?: string },
    { before, most }: { readonly before?: number | undefined; readonly most?: number } = {},
  ): Promise<readonly Item[]> {
    const items: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const Limit = most === undefined ? undefined : most - items.length;
      const query = { ...this.#query(user, index, before), ...input, Limit, ExclusiveStartKey };
      const page = await this.#table.query(query);
      items.push(...page.items);
      ExclusiveStartKey = page.more;
    } while (ExclusiveStartKey !== undefined && (most === undefined || items.length < most));
    return items;
  }

  #query(user: UserId, index: Index, before?: number) {
    const values = { ':pk': this.#table.pk(user), ':aged': this.#agedUntil() };
    const from = before === undefined ? {} : { ExpressionAttributeNames: { '#index': index } };
    return {
      IndexName: index,
      KeyConditionExpression: before === undefined ? 'pk = :pk' : 'pk = :pk AND #index < :before',
      FilterExpression: 'sentAt > :aged',
      ...from,
      ExpressionAttributeValues: before === undefined ? values : { ...values, ':before': before },
    };
  }

  #agedUntil(): number {
    return this.#clock.now() - KEPT_MS;
  }

  #key(user: UserId, id: MessageId): Item {
    return { pk: this.#table.pk(user), sk: id };
  }
}

/** A local secondary index, and the attribute that it sorts by. */
type Index = 'listed' | 'unread' | 'archived';

const INDEX: Readonly<Record<InboxFilter, Index>> = {
  all: 'listed',
  unread: 'unread',
  archived: 'archived',
};

const MARKING: Readonly<Record<Mark, string>> = {
  read: 'REMOVE unread',
  unread: 'SET unread = #offset, listed = #offset REMOVE archived',
  archived: 'SET archived = #offset REMOVE unread, listed',
  unarchived: 'SET listed = #offset REMOVE archived',
};

const toItem = ({ offset, sentAt, notification }: InboxEntry): Item => ({
  offset,
  listed: offset,
  unread: offset,
  sentAt,
  notification: JSON.stringify(notification),
  ttl: ttlOf(sentAt + KEPT_MS),
});

const toInboxItem = (item: Item): InboxItem => {
  const shownAt = item.shownAt as number | undefined;
  return {
    messageId: item.sk as MessageId,
    offset: item.offset as number,
    sentAt: item.sentAt as number,
    notification: JSON.parse(item.notification as string) as Notification,
    read: item.unread === undefined,
    archived: item.archived !== undefined,
    ...(shownAt === undefined ? {} : { shownAt }),
  };
};
