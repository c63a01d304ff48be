import type { Channel } from '../../domain/channel.ts';
import { BROADCAST } from '../../domain/channel.ts';
import type { Connection } from '../../domain/connection.ts';
import type { ConnectionId, UserId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  ConnectionIndex,
  FollowedChannel,
  IndexPage,
  IndexQuery,
  ListedConnection,
} from '../../ports/connection-index.ts';
import type {
  ConnectionRegistry,
  MembersPage,
  MembersQuery,
  Removed,
} from '../../ports/connection-registry.ts';
import { firstEntries } from './first-entries.ts';
import type { Membership } from './member-list.ts';
import { MemberList } from './member-list.ts';

/** How long a removed connection is refused; the port asks for 30 s. */
export const DEFAULT_REMOVED_MEMORY_MS = 60_000;
/** 60 s of 500 new connections a second (API Gateway's quota) six times over. */
export const DEFAULT_REMOVED_MEMORY_ENTRIES = 200_000;

/** How long a registration outlives its time, so that its end can be told to those whom it concerns. */
const LINGERING_MS = 120_000;

export type ShardCounts =
  | ((channel: Channel) => number)
  | { readonly default: number; readonly broadcast: number };

export interface MemoryConnectionRegistryOptions {
  readonly clock: Clock;
  /** At least 1 each; 1 without it. */
  readonly shards?: ShardCounts;
  readonly removedMemoryMs?: number;
  /** Beyond so many, the connection removed longest ago is forgotten. */
  readonly removedMemoryEntries?: number;
}

/** No more than two references, since there is one for every open socket. */
interface Registration {
  readonly connection: Connection;
  readonly memberships: Map<Channel, Membership>;
}

export class MemoryConnectionRegistry implements ConnectionRegistry, ConnectionIndex {
  readonly #clock: Clock;
  readonly #shards: (channel: Channel) => number;
  readonly #removedMemoryMs: number;
  readonly #removedMemoryEntries: number;
  readonly #registrations = new Map<ConnectionId, Registration>();
  /** By channel, and by shard where a channel has several. None is empty. */
  readonly #lists = new Map<string, MemberList>();
  /** When each was removed, in ms since 1970; the longest ago first. */
  readonly #removedAt = new Map<ConnectionId, number>();
  #joins = 0;

  constructor(options: MemoryConnectionRegistryOptions) {
    this.#clock = options.clock;
    this.#shards = shardsOf(options.shards);
    this.#removedMemoryMs = options.removedMemoryMs ?? DEFAULT_REMOVED_MEMORY_MS;
    this.#removedMemoryEntries = options.removedMemoryEntries ?? DEFAULT_REMOVED_MEMORY_ENTRIES;
  }

  async register(
    connection: Connection,
    channels: readonly Channel[],
  ): Promise<'registered' | 'known' | 'removed'> {
    if (this.#live(connection.id) !== undefined) return 'known';
    if (this.#registrations.has(connection.id) || this.#wasRemoved(connection.id)) return 'removed';
    const registration: Registration = { connection, memberships: new Map() };
    this.#registrations.set(connection.id, registration);
    for (const channel of channels) this.#join(registration, channel);
    return 'registered';
  }

  async find(id: ConnectionId): Promise<Connection | undefined> {
    return this.#live(id)?.connection;
  }

  async remove(id: ConnectionId): Promise<Removed | undefined> {
    return this.#drop(id);
  }

  async subscribe(id: ConnectionId, channel: Channel): Promise<'subscribed' | 'known' | 'unknown'> {
    const registration = this.#live(id);
    if (registration === undefined) return 'unknown';
    return this.#join(registration, channel) ? 'subscribed' : 'known';
  }

  async unsubscribe(id: ConnectionId, channel: Channel): Promise<boolean> {
    const registration = this.#live(id);
    return registration !== undefined && this.#leave(registration, channel);
  }

  async subscriptions(id: ConnectionId): Promise<readonly Channel[]> {
    return [...(this.#live(id)?.memberships.keys() ?? [])];
  }

  shards(channel: Channel): number {
    return this.#shards(channel);
  }

  /** A page that holds a whole shard is one and the same object for as long as the shard does not change. */
  async members(channel: Channel, { shard, limit, cursor }: MembersQuery): Promise<MembersPage> {
    const list = this.#lists.get(this.#listKey(channel, shard));
    if (list === undefined) return NOBODY;
    const { page, expired } = list.read(this.#clock.now(), limit, cursor);
    for (const id of expired) this.#dropLingering(id);
    return page;
  }

  async connections(query: IndexQuery & { user?: UserId }): Promise<IndexPage<ListedConnection>> {
    const now = this.#clock.now();
    const open = [...this.#registrations.values()]
      .filter(({ connection }) => connection.expiresAt > now)
      .filter(({ connection }) => query.user === undefined || connection.identity.user === query.user)
      .map(({ connection, memberships }) => ({ connection, channels: memberships.size }));
    return firstEntries(
      open,
      ({ connection }) => ({ rank: connection.connectedAt, name: connection.id }),
      query,
    );
  }

  async channels(query: IndexQuery & { prefix?: string }): Promise<IndexPage<FollowedChannel>> {
    const followers = new Map<Channel, number>();
    for (const [key, list] of this.#lists) {
      const channel = channelOf(key);
      if (channel.startsWith(query.prefix ?? '')) {
        followers.set(channel, (followers.get(channel) ?? 0) + list.size);
      }
    }
    const channels = [...followers].map(([channel, count]) => ({ channel, followers: count }));
    return firstEntries(channels, ({ channel, followers: rank }) => ({ rank, name: channel }), query);
  }

  #live(id: ConnectionId): Registration | undefined {
    const registration = this.#registrations.get(id);
    if (registration === undefined || registration.connection.expiresAt > this.#clock.now())
      return registration;
    this.#dropLingering(id);
    return undefined;
  }

  /** A registration whose time is over waits for whoever removes it; when nobody does, it is dropped when it is met. */
  #dropLingering(id: ConnectionId): void {
    const expiresAt = this.#registrations.get(id)?.connection.expiresAt ?? Number.POSITIVE_INFINITY;
    if (expiresAt + LINGERING_MS <= this.#clock.now()) this.#drop(id);
  }

  #drop(id: ConnectionId): Removed | undefined {
    this.#rememberRemoved(id);
    const registration = this.#registrations.get(id);
    if (registration === undefined) return undefined;
    this.#registrations.delete(id);
    const channels = [...registration.memberships.keys()];
    for (const channel of channels) this.#leave(registration, channel);
    return { connection: registration.connection, channels };
  }

  #join({ connection, memberships }: Registration, channel: Channel): boolean {
    if (memberships.has(channel)) return false;
    const membership: Membership = { connection, sequence: ++this.#joins, left: false };
    memberships.set(channel, membership);
    const key = this.#listKeyOf(channel, connection.id);
    const list = this.#lists.get(key);
    if (list === undefined) this.#lists.set(key, new MemberList(membership));
    else list.join(membership);
    return true;
  }

  #leave({ connection, memberships }: Registration, channel: Channel): boolean {
    const membership = memberships.get(channel);
    if (membership === undefined) return false;
    memberships.delete(channel);
    const key = this.#listKeyOf(channel, connection.id);
    const list = this.#lists.get(key);
    list?.leave(membership);
    if (list?.isEmpty) this.#lists.delete(key);
    return true;
  }

  #listKeyOf(channel: Channel, id: ConnectionId): string {
    const shards = this.#shards(channel);
    return shards === 1 ? channel : shardKey(channel, hash(id) % shards);
  }

  #listKey(channel: Channel, shard: number): string {
    return this.#shards(channel) === 1 ? channel : shardKey(channel, shard);
  }

  #wasRemoved(id: ConnectionId): boolean {
    const removedAt = this.#removedAt.get(id);
    return removedAt !== undefined && removedAt + this.#removedMemoryMs > this.#clock.now();
  }

  #rememberRemoved(id: ConnectionId): void {
    const now = this.#clock.now();
    this.#removedAt.delete(id);
    this.#removedAt.set(id, now);
    for (const [oldest, removedAt] of this.#removedAt) {
      const worthKeeping = removedAt + this.#removedMemoryMs > now;
      if (worthKeeping && this.#removedAt.size <= this.#removedMemoryEntries) return;
      this.#removedAt.delete(oldest);
    }
  }
}

const NOBODY: MembersPage = { connectionIds: [] };

const shardsOf = (counts: ShardCounts = () => 1): ((channel: Channel) => number) =>
  typeof counts === 'function'
    ? counts
    : channel => (channel === BROADCAST ? counts.broadcast : counts.default);

/** No channel's name has a `#`. */
const shardKey = (channel: Channel, shard: number): string => `${channel}#${shard}`;

const channelOf = (key: string): Channel => key.split('#', 1)[0] as Channel;

/** FNV-1a, 32 bits: spreads ids evenly, whatever they look like. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
};
