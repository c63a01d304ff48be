import type { Channel } from '../domain/channel.ts';
import type { Connection } from '../domain/connection.ts';
import type { ConnectionId } from '../domain/ids.ts';

export interface MembersQuery {
  /** From 0 up to but not including `shards(channel)`. */
  readonly shard: number;
  /** At the most so many; at least 1. */
  readonly limit: number;
  /** Where the page before ended; from the start without it. */
  readonly cursor?: string;
}

export interface MembersPage {
  readonly connectionIds: readonly ConnectionId[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** A connection that was taken away, and what it was subscribed to. */
export interface Removed {
  readonly connection: Connection;
  readonly channels: readonly Channel[];
}

/**
 * Who is connected, and to which channels.
 *
 * Every write is idempotent and is seen by every read that starts after it. A removed connection never comes back: a
 * registration or subscription that arrives late is refused, for at least the 30 s that a connect can take. Reads leave
 * out connections past their `expiresAt`, whether or not anyone removed them.
 */
export interface ConnectionRegistry {
  /**
   * Adds a connection with its first subscriptions, all or nothing.
   *
   * @returns `known` when it was there already (nothing changes), `removed` when it has been removed before
   */
  register(connection: Connection, channels: readonly Channel[]): Promise<'registered' | 'known' | 'removed'>;

  find(id: ConnectionId): Promise<Connection | undefined>;

  /**
   * Takes away the connection and all its subscriptions.
   *
   * @returns what was there, even if its time was over a minute ago; undefined when it never was, or was removed before
   */
  remove(id: ConnectionId): Promise<Removed | undefined>;

  /** @returns `unknown` when the connection is not, or no longer, registered */
  subscribe(id: ConnectionId, channel: Channel): Promise<'subscribed' | 'known' | 'unknown'>;

  /** @returns whether it was subscribed */
  unsubscribe(id: ConnectionId, channel: Channel): Promise<boolean>;

  /** What a connection is subscribed to, in no particular order; empty when it is not registered. */
  subscriptions(id: ConnectionId): Promise<readonly Channel[]>;

  /** Into how many shards the members of a channel are spread; at least 1, and the same for every caller. */
  shards(channel: Channel): number;

  /**
   * One page of a channel's members. Paging through every shard meets each connection that is a member from start to
   * end exactly once; one that joins or leaves meanwhile may or may not be met.
   */
  members(channel: Channel, query: MembersQuery): Promise<MembersPage>;
}
