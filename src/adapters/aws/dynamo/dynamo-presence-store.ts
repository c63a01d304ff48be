import type { Channel } from '../../../domain/channel.ts';
import type { ConnectionId, UserId } from '../../../domain/ids.ts';
import type { PresenceList, PresentUser, Stay, Telling } from '../../../domain/presence.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Device, PresenceStore } from '../../../ports/presence-store.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions } from './dynamo-table.ts';
import { DynamoTable, ttlOf } from './dynamo-table.ts';
import type { Shards } from './shards.ts';
import { shardOf, shardsOf } from './shards.ts';

/** How long a user is kept after the last device's time is over, for it to be told. */
const UNTOLD_MS = 86_400_000;
/** In front of a connection's id, as the name of the attribute that says when its time is over. */
const DEVICE = 'device:';

export interface DynamoPresenceStoreOptions extends DynamoTableOptions {
  /** When they change, whoever is here already is counted twice, or not, for up to their lifetime. */
  readonly shards: Shards;
}

/**
 * An item per user and channel, with an attribute for each device, so that entering and leaving are one write each, whose
 * answer, the item as it was before, says what it meant.
 */
export class DynamoPresenceStore implements PresenceStore {
  readonly #table: DynamoTable;
  readonly #clock: Clock;
  readonly #shards: Shards;

  constructor(options: DynamoPresenceStoreOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
    this.#shards = options.shards;
  }

  async enter(channel: Channel, { user, connectionId, expiresAt }: Device): Promise<'joined' | 'present'> {
    const Key = this.#key(channel, user);
    const ttl = ttlOf(expiresAt + UNTOLD_MS);
    const result = await this.#table.update({
      Key,
      // From now, so that no version of a stay that was forgotten comes again.
      UpdateExpression:
        'SET #device = :expiresAt, #ttl = :ttl, version = if_not_exists(version, :now) + :one',
      ExpressionAttributeNames: { '#device': DEVICE + connectionId, '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':expiresAt': expiresAt,
        ':ttl': ttl,
        ':now': this.#clock.now(),
        ':one': 1,
      },
    });
    const before = result.done ? result.before : undefined;
    if (Number(before?.ttl) > ttl) await this.#keepUntil(Key, Number(before?.ttl));
    return before?.event === 'joined' ? 'present' : 'joined';
  }

  async leave(
    channel: Channel,
    { user, connectionId }: Pick<Device, 'user' | 'connectionId'>,
  ): Promise<'last' | 'present'> {
    const result = await this.#table.update({
      Key: this.#key(channel, user),
      UpdateExpression: 'REMOVE #device SET leftAt = :now ADD version :one',
      ConditionExpression: 'attribute_exists(#device)',
      ExpressionAttributeNames: { '#device': DEVICE + connectionId },
      ExpressionAttributeValues: { ':now': this.#clock.now(), ':one': 1 },
    });
    const item = result.done ? result.before : result.refusals[0]?.found;
    if (item === undefined) return 'present';
    const { [DEVICE + connectionId]: _, ...left } = item;
    return this.#devicesOf(left) === 0 ? 'last' : 'present';
  }

  async find(channel: Channel, user: UserId): Promise<Stay | undefined> {
    const item = await this.#table.get(this.#key(channel, user));
    return item === undefined ? undefined : toStay(item);
  }

  async decide(channel: Channel, user: UserId, stay: Stay, { id, event }: Telling): Promise<boolean> {
    const result = await this.#table.update({
      Key: this.#key(channel, user),
      UpdateExpression: 'SET decision = :id, #event = :event, told = :no ADD version :one',
      ConditionExpression: 'version = :version',
      ExpressionAttributeNames: { '#event': 'event' },
      ExpressionAttributeValues: {
        ':id': id,
        ':event': event,
        ':no': false,
        ':one': 1,
        ':version': stay.version,
      },
    });
    // The SDK sent our own write twice, since the answer to the first had been lost.
    return result.done || result.refusals[0]?.found?.decision === id;
  }

  async told(channel: Channel, user: UserId, id: Telling['id']): Promise<void> {
    await this.#table.update({
      Key: this.#key(channel, user),
      UpdateExpression: 'SET told = :yes ADD version :one',
      ConditionExpression: 'decision = :id AND told <> :yes',
      ExpressionAttributeValues: { ':id': id, ':yes': true, ':one': 1 },
    });
  }

  async forget(channel: Channel, user: UserId, stay: Stay): Promise<boolean> {
    const result = await this.#table.delete({
      Key: this.#key(channel, user),
      ConditionExpression: 'attribute_not_exists(pk) OR version = :version',
      ExpressionAttributeValues: { ':version': stay.version },
    });
    return result.done;
  }

  async few(channel: Channel, limit: number): Promise<readonly PresentUser[] | undefined> {
    const users: PresentUser[] = [];
    for (const shard of this.#shardsOf(channel)) {
      for await (const some of this.#users(channel, shard, limit + 1)) {
        users.push(...some);
        if (users.length > limit) return undefined;
      }
    }
    return users;
  }

  async list(channel: Channel, limit: number): Promise<PresenceList> {
    const parts = await Promise.all(
      this.#shardsOf(channel).map(async shard => {
        const users: PresentUser[] = [];
        let count = 0;
        for await (const some of this.#users(channel, shard)) {
          count += some.length;
          // Users beyond the limit are counted, and not kept.
          if (users.length <= limit) users.push(...some);
        }
        return { count, users };
      }),
    );
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    return count > limit ? { count } : { count, users: parts.flatMap(({ users }) => users) };
  }

  /** Users with a device whose time is not over, in pages of what a query reads: so many items, or 1 MB. */
  async *#users(channel: Channel, shard: number, Limit?: number): AsyncGenerator<readonly PresentUser[]> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const { items, more } = await this.#table.query({
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': this.#shardKey(channel, shard) },
        Limit,
        ExclusiveStartKey,
      });
      yield items
        .map(item => ({ user: item.sk as UserId, devices: this.#devicesOf(item) }))
        .filter(({ devices }) => devices > 0);
      ExclusiveStartKey = more;
    } while (ExclusiveStartKey !== undefined);
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

  #shardsOf(channel: Channel): readonly number[] {
    return Array.from({ length: shardsOf(channel, this.#shards) }, (_, shard) => shard);
  }

  #key(channel: Channel, user: UserId): Item {
    return { pk: this.#shardKey(channel, shardOf(user, shardsOf(channel, this.#shards))), sk: user };
  }

  #shardKey(channel: Channel, shard: number): string {
    return this.#table.pk(`${channel}#${shard}`);
  }
}

const toStay = (item: Item): Stay => {
  const devices = Object.entries(item)
    .filter(([name]) => name.startsWith(DEVICE))
    .map(([name, expiresAt]) => [name.slice(DEVICE.length) as ConnectionId, Number(expiresAt)] as const);
  return {
    devices: new Map(devices),
    version: Number(item.version),
    ...(item.leftAt === undefined ? {} : { leftAt: Number(item.leftAt) }),
    ...(item.decision === undefined
      ? {}
      : {
          telling: {
            id: String(item.decision),
            event: item.event as Telling['event'],
            told: item.told === true,
          },
        }),
  };
};
