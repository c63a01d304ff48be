import type { Channel } from '../domain/channel.ts';
import type { Connection } from '../domain/connection.ts';
import type { UserId } from '../domain/ids.ts';

export interface IndexQuery {
  /** At least 1. */
  readonly limit: number;
  /** Of the page before. */
  readonly cursor?: string;
}

export interface ListedConnection {
  readonly connection: Connection;
  /** Channels that it follows. */
  readonly channels: number;
}

export interface FollowedChannel {
  readonly channel: Channel;
  /** Open connections that follow it; at least 1. */
  readonly followers: number;
}

export interface IndexPage<Entry> {
  readonly entries: readonly Entry[];
  /** All that match, on this page or another. */
  readonly total: number;
  /** Absent when nothing is left. */
  readonly next?: string;
}

/**
 * Who is connected, and what is followed, for those who run the service. Only for platforms that can tell without
 * reading all that they keep elsewhere; the others have none.
 *
 * What comes and goes between two pages may be on neither; what stays is on one of them, once.
 *
 * @throws FanfareError `invalid` for a cursor that no page gave
 */
export interface ConnectionIndex {
  /** Open connections, the newest first; those of one user where told. */
  connections(query: IndexQuery & { readonly user?: UserId }): Promise<IndexPage<ListedConnection>>;
  /** Followed channels, those with most followers first; those that begin with a prefix where told. */
  channels(query: IndexQuery & { readonly prefix?: string }): Promise<IndexPage<FollowedChannel>>;
}
