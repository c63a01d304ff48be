import type { Channel } from '../../../domain/channel.ts';
import { BROADCAST } from '../../../domain/channel.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { PresenceList, PresentUser } from '../../../domain/presence.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';
import type { Device, PresenceStore } from '../../../ports/presence-store.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions } from './dynamo-table.ts';
import { DynamoTable, ttlOf } from './dynamo-table.ts';
import { shardOf } from './shard-of.ts';

/** How long who has not been settled is kept after the last device's time is over. */
const UNSETTLED_MS = 86_400_000;
/** In front of a connection's id, as the name of the attribute that says when its time is over. */
const DEVICE = 'device:';

export interface DynamoPresenceStoreOptions extends DynamoTableOptions {
  /** At least 1 each. When they change, whoever is here already is counted twice, or not, for up to their lifetime. */
  readonly shards: { readonly default: number; readonly broadcast: number };
}

/**
 * An item per user and channel, with an attribute for each device, so that entering and leaving are one unconditional
 * write each, whose answer, the item as it was before, says what it meant.
 */
export class DynamoPresenceStore implements PresenceStore {
  readonly #table: DynamoTable;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;
  readonly #shards: { readonly default: number; readonly broadcast: number };

  constructor(options: DynamoPresenceStoreOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
    this.#ids = options.ids;
    this.#shards = options.shards;
  }

  async enter(channel: Channel, { user, connectionId, expiresAt }: Device): Promise<'joined' | 'present'> {
    const Key = this.#key(channel, user);
    const [token, ttl] = [this.#ids.next(), ttlOf(expiresAt + UNSETTLED_MS)];
    const result = await this.#table.update({
      Key,
      UpdateExpression:
        'SET #device = :expiresAt, #ttl = :ttl, joinedBy = if_not_exists(joinedBy, :token) ADD version :one',
      ExpressionAttributeNames: { '#device': DEVICE + connectionId, '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':expiresAt': expiresAt, ':ttl': ttl, ':token': token, ':one': 1 },
    });
    const before = result.done ? result.before : undefined;
    if (before === undefined) return 'joined';
    if (Number(before.ttl) > ttl) await this.#keepUntil(Key, Number(before.ttl));
    // The SDK sent our own write twice, since the answer to the first had been lost.
    return before.joinedBy === token ? 'joined' : 'present';
  }

  async leave(
    channel: Channel,
    { user, connectionId }: Pick<Device, 'user' | 'connectionId'>,
  ): Promise<'last' | 'present'> {
    const result = await this.#table.update({
      Key: this.#key(channel, user),
      UpdateExpression: 'REMOVE #device ADD version :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#device': DEVICE + connectionId },
      ExpressionAttributeValues: { ':one': 1 },
    });
    if (!result.done) return 'present';
    const { [DEVICE + connectionId]: _, ...left } = result.before ?? {};
    return this.#devicesOf(left) === 0 ? 'last' : 'present';
  }

  /** In a transaction, which DynamoDB knows again: sent twice, it still says `left`. */
  async settle(channel: Channel, user: UserId): Promise<'left' | 'present'> {
    const Key = this.#key(channel, user);
    let item = await this.#table.get(Key);
    while (item !== undefined && this.#devicesOf(item) === 0) {
      const result = await this.#table.transact([
        {
          Delete: {
            Key,
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': item.version },
          },
        },
      ]);
      if (result.done) return 'left';
      item = result.refusals[0]?.found;
    }
    return 'present';
  }

  async list(channel: Channel, limit: number): Promise<PresenceList> {
    const shards = Array.from({ length: this.#shardsOf(channel) }, (_, shard) => shard);
    const parts = await Promise.all(shards.map(shard => this.#listShard(channel, shard, limit)));
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    return count > limit ? { count } : { count, users: parts.flatMap(({ users }) => users) };
  }

  /** Users beyond the limit are counted, and not kept. */
  async #listShard(
    channel: Channel,
    shard: number,
    limit: number,
  ): Promise<{ count: number; users: readonly PresentUser[] }> {
    const users: PresentUser[] = [];
    let count = 0;
    let ExclusiveStartKey: Item | undefined;
    do {
      const { items, more } = await this.#table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': this.#shardKey(channel, shard) },
        ExclusiveStartKey,
      });
      for (const item of items) {
        const devices = this.#devicesOf(item);
        if (devices > 0 && ++count <= limit) users.push({ user: item.sk as UserId, devices });
      }
      ExclusiveStartKey = more;
    } while (ExclusiveStartKey !== undefined);
    return { count, users };
  }

  /** A device that came before stays for longer than the one that came last. */
  async #keepUntil(Key: Item, ttl: number): Promise<void> {
    await this.#table.update({
      Key,
      UpdateExpression: 'SET #ttl = :ttl',
      ConditionExpression: '#ttl < :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':ttl': ttl },
    });
  }

  /** How many are left whose time is not over. */
  #devicesOf(item: Item): number {
    const now = this.#clock.now();
    return Object.entries(item).filter(([name, value]) => name.startsWith(DEVICE) && Number(value) > now)
      .length;
  }

  #shardsOf(channel: Channel): number {
    return channel === BROADCAST ? this.#shards.broadcast : this.#shards.default;
  }

  #key(channel: Channel, user: UserId): Item {
    return { pk: this.#shardKey(channel, shardOf(user, this.#shardsOf(channel))), sk: user };
  }

  #shardKey(channel: Channel, shard: number): string {
    return this.#table.pk(`${channel}#${shard}`);
  }
}
