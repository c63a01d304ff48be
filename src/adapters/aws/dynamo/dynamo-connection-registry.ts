import type { Channel } from '../../../domain/channel.ts';
import type { Connection } from '../../../domain/connection.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { Identity } from '../../../domain/identity.ts';
import type { ConnectionId } from '../../../domain/ids.ts';
import { connectionId } from '../../../domain/ids.ts';
import type { Clock } from '../../../ports/clock.ts';
import type {
  ConnectionRegistry,
  MembersPage,
  MembersQuery,
  Removed,
} from '../../../ports/connection-registry.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions, Operation } from './dynamo-table.ts';
import { DynamoTable, TRANSACTION_OPERATIONS, ttlOf } from './dynamo-table.ts';
import type { Shards } from './shards.ts';
import { shardOf, shardsOf } from './shards.ts';

/** How long a connection that is over is refused; the port asks for 30 s. */
const REMEMBERED_MS = 3_600_000;

export interface DynamoConnectionRegistryOptions extends DynamoTableOptions {
  /** More may be configured while connections are open; fewer strands some until they reconnect. */
  readonly shards: Shards;
}

/**
 * A connection is one item, with its subscriptions inside, so that one condition on it decides every race: whatever
 * adds or takes away a member goes through it in the same transaction. docs/data-model.md has the items and the costs.
 */
export class DynamoConnectionRegistry implements ConnectionRegistry {
  readonly #table: DynamoTable;
  readonly #clock: Clock;
  readonly #shards: Shards;

  constructor(options: DynamoConnectionRegistryOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
    this.#shards = options.shards;
  }

  /** @throws FanfareError `limit-exceeded` for more than 99 channels, as many as fit into one transaction */
  async register(
    connection: Connection,
    channels: readonly Channel[],
  ): Promise<'registered' | 'known' | 'removed'> {
    const { id, expiresAt } = connection;
    const shards = new Map(channels.map(channel => [channel, this.#shardOf(channel, id)]));
    if (shards.size >= TRANSACTION_OPERATIONS) throw tooManyChannels();
    const result = await this.#table.transact([
      {
        Put: {
          Item: { ...this.#key(id), ...toItem(connection), subscriptions: Object.fromEntries(shards) },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      ...[...shards].map(([channel, shard]) => this.#putMember(channel, shard, id, expiresAt)),
    ]);
    if (result.done) return 'registered';
    return this.#live(result.refusals[0]?.found) === undefined ? 'removed' : 'known';
  }

  async find(id: ConnectionId): Promise<Connection | undefined> {
    const item = await this.#read(id);
    return item && toConnection(id, item);
  }

  /**
   * First the connection becomes a tombstone, which keeps all others out; then its members go. A crash in between
   * leaves members until it is removed again, as the next failed post to one of them does, or until they expire.
   */
  async remove(id: ConnectionId): Promise<Removed | undefined> {
    const result = await this.#table.update({
      Key: this.#key(id),
      UpdateExpression: 'SET removed = :true, #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':true': true, ':ttl': ttlOf(this.#clock.now() + REMEMBERED_MS) },
    });
    const before = (result.done ? result.before : undefined) as Partial<ConnectionItem> | undefined;
    const shards = Object.entries(before?.subscriptions ?? {}) as [Channel, number][];
    await this.#table.deleteAll(shards.map(([channel, shard]) => this.#memberKey(channel, shard, id)));
    if (before?.identity === undefined || before.removed !== undefined) return undefined;
    const connection = toConnection(id, before as ConnectionItem);
    return { connection, channels: shards.map(([channel]) => channel) };
  }

  async subscribe(id: ConnectionId, channel: Channel): Promise<'subscribed' | 'known' | 'unknown'> {
    const shard = this.#shardOf(channel, id);
    const item = await this.#read(id);
    if (item === undefined) return 'unknown';
    if (Object.hasOwn(item.subscriptions, channel)) return 'known';
    const result = await this.#table.transact([
      {
        Update: {
          Key: this.#key(id),
          UpdateExpression: 'SET subscriptions.#channel = :shard',
          ConditionExpression: `${LIVE} AND attribute_not_exists(subscriptions.#channel)`,
          ExpressionAttributeNames: { '#channel': channel },
          ExpressionAttributeValues: { ':shard': shard, ':now': this.#clock.now() },
        },
      },
      this.#putMember(channel, shard, id, item.expiresAt),
    ]);
    if (result.done) return 'subscribed';
    return this.#live(result.refusals[0]?.found) === undefined ? 'unknown' : 'known';
  }

  async unsubscribe(id: ConnectionId, channel: Channel): Promise<boolean> {
    // Whoever subscribed may have counted shards differently, so the item tells where the member is.
    let shard: number | undefined = this.#shardOf(channel, id);
    while (shard !== undefined) {
      const result = await this.#table.transact([
        {
          Update: {
            Key: this.#key(id),
            UpdateExpression: 'REMOVE subscriptions.#channel',
            ConditionExpression: `${LIVE} AND subscriptions.#channel = :shard`,
            ExpressionAttributeNames: { '#channel': channel },
            ExpressionAttributeValues: { ':shard': shard, ':now': this.#clock.now() },
          },
        },
        { Delete: { Key: this.#memberKey(channel, shard, id) } },
      ]);
      if (result.done) return true;
      shard = this.#live(result.refusals[0]?.found)?.subscriptions[channel];
    }
    return false;
  }

  async subscriptions(id: ConnectionId): Promise<readonly Channel[]> {
    return Object.keys((await this.#read(id))?.subscriptions ?? {}) as Channel[];
  }

  shards(channel: Channel): number {
    return shardsOf(channel, this.#shards);
  }

  async members(channel: Channel, { shard, limit, cursor }: MembersQuery): Promise<MembersPage> {
    const met: ConnectionId[] = [];
    let after = cursor;
    do {
      // One more than asked for, to know whether there is another page.
      const page = await this.#membersAfter(after, channel, shard, limit + 1 - met.length);
      met.push(...page.ids);
      after = page.more;
    } while (after !== undefined && met.length <= limit);
    const connectionIds = met.slice(0, limit);
    const last = connectionIds.at(-1);
    return met.length > limit && last !== undefined ? { connectionIds, next: last } : { connectionIds };
  }

  /** Expired members count towards the limit of what is read, but are not among the ids. */
  async #membersAfter(
    after: string | undefined,
    channel: Channel,
    shard: number,
    Limit: number,
  ): Promise<{ ids: readonly ConnectionId[]; more: string | undefined }> {
    const values = { ':pk': this.#membersKey(channel, shard), ':now': this.#clock.now() };
    const { items, more } = await this.#table.query({
      KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
      FilterExpression: 'expiresAt > :now',
      ProjectionExpression: 'sk',
      ExpressionAttributeValues: after === undefined ? values : { ...values, ':after': after },
      Limit,
    });
    return { ids: items.map(({ sk }) => connectionId(sk as string)), more: more?.sk as string | undefined };
  }

  async #read(id: ConnectionId): Promise<ConnectionItem | undefined> {
    return this.#live(await this.#table.get(this.#key(id)));
  }

  #live(item: Item | undefined): ConnectionItem | undefined {
    const connection = item as ConnectionItem | undefined;
    const over = connection?.removed || !(Number(connection?.expiresAt) > this.#clock.now());
    return over ? undefined : connection;
  }

  #putMember(channel: Channel, shard: number, id: ConnectionId, expiresAt: number): Operation {
    return { Put: { Item: { ...this.#memberKey(channel, shard, id), expiresAt, ttl: ttlOf(expiresAt) } } };
  }

  #key(id: ConnectionId): Item {
    return { pk: this.#table.pk(`C#${id}`), sk: 'C' };
  }

  #memberKey(channel: Channel, shard: number, id: ConnectionId): Item {
    return { pk: this.#membersKey(channel, shard), sk: id };
  }

  #membersKey(channel: Channel, shard: number): string {
    return this.#table.pk(`M#${channel}#${shard}`);
  }

  #shardOf(channel: Channel, id: ConnectionId): number {
    return shardOf(id, this.shards(channel));
  }
}

/** The connection is there, neither removed nor expired. */
const LIVE = 'expiresAt > :now AND attribute_not_exists(removed)';

const tooManyChannels = (): FanfareError =>
  new FanfareError('limit-exceeded', `a connection can start with ${TRANSACTION_OPERATIONS - 1} channels`);

interface ConnectionItem {
  readonly identity: Identity;
  readonly connectedAt: number;
  readonly expiresAt: number;
  /** The shard that its member is in, by channel. */
  readonly subscriptions: Readonly<Record<string, number>>;
  /** There on a tombstone, which may have nothing else. */
  readonly removed?: true;
}

/** Attribute by attribute, since DynamoDB takes no `undefined`. */
const toItem = ({ identity, connectedAt, expiresAt }: Connection): Item => ({
  identity: {
    user: identity.user,
    capabilities: identity.capabilities.map(({ pattern, actions }) => ({ pattern, actions: [...actions] })),
    admin: identity.admin,
    expiresAt: identity.expiresAt,
  },
  connectedAt,
  expiresAt,
  ttl: ttlOf(expiresAt + REMEMBERED_MS),
});

const toConnection = (
  id: ConnectionId,
  { identity, connectedAt, expiresAt }: ConnectionItem,
): Connection => ({ id, identity, connectedAt, expiresAt });
