import { expect } from 'vitest';
import { type Channel, userChannel } from '../../../src/domain/channel.ts';
import type { Connection } from '../../../src/domain/connection.ts';
import type { ConnectionId } from '../../../src/domain/ids.ts';
import { userId } from '../../../src/domain/ids.ts';
import type { ConnectionRegistry, MembersPage } from '../../../src/ports/connection-registry.ts';
import { aChannel, aConnection } from '../../support/builders.ts';
import type { Fixture, Promises } from '../../support/harness.ts';

export interface RegistryLimits {
  /** Of every channel. */
  readonly shards: number;
}

export type RegistryPromises = Promises<Fixture<ConnectionRegistry>, RegistryLimits>;

export const LOBBY = aChannel('room:lobby');
export const ALICE = userChannel(userId('alice'));

/** A fixture with connections that are as old as its clock says, and live two hours. */
export const withConnections = <Opened extends Fixture<ConnectionRegistry>>(fixture: Opened) => {
  const { port, clock } = fixture;
  const connectionNow = (set: Partial<Connection> = {}): Connection =>
    aConnection({ connectedAt: clock.now(), expiresAt: clock.now() + 7_200_000, ...set });
  const registered = async (channels: readonly Channel[], set?: Partial<Connection>): Promise<Connection> => {
    const connection = connectionNow(set);
    await port.register(connection, channels);
    return connection;
  };
  const registerMany = async (count: number, channel: Channel): Promise<readonly ConnectionId[]> => {
    const connections = await Promise.all(Array.from({ length: count }, () => registered([channel])));
    return sorted(connections.map(({ id }) => id));
  };
  return { ...fixture, connectionNow, registered, registerMany };
};

export const pagesOf = async (
  port: ConnectionRegistry,
  channel: Channel,
  limit: number,
  betweenPages: () => Promise<void> = async () => {},
): Promise<readonly MembersPage[]> => {
  const pages: MembersPage[] = [];
  for (let shard = 0; shard < port.shards(channel); shard++) {
    let cursor: string | undefined;
    do {
      const page = await port.members(
        channel,
        cursor === undefined ? { shard, limit } : { shard, limit, cursor },
      );
      expect(page.connectionIds.length).toBeLessThanOrEqual(limit);
      pages.push({ ...page, connectionIds: [...page.connectionIds] });
      await betweenPages();
      cursor = page.next;
    } while (cursor !== undefined);
  }
  return pages;
};

/** Everyone met on the way through all pages of all shards, sorted; who is met twice stands there twice. */
export const membersOf = async (
  port: ConnectionRegistry,
  channel: Channel,
  limit = 100,
  betweenPages?: () => Promise<void>,
): Promise<readonly ConnectionId[]> => {
  const pages = await pagesOf(port, channel, limit, betweenPages);
  return sorted(pages.flatMap(({ connectionIds }) => connectionIds));
};

export const sorted = <Text extends string>(texts: readonly Text[]): readonly Text[] => [...texts].sort();
