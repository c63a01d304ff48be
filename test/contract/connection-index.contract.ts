import { expect } from 'vitest';
import type { Channel } from '../../src/domain/channel.ts';
import { BROADCAST, userChannel } from '../../src/domain/channel.ts';
import type { Connection } from '../../src/domain/connection.ts';
import { userId } from '../../src/domain/ids.ts';
import type { ConnectionIndex, IndexPage, IndexQuery } from '../../src/ports/connection-index.ts';
import { aChannel, aConnection } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export interface IndexFixture extends Fixture<ConnectionIndex> {
  /** Registers an open connection that follows the channels. */
  enter(connection: Connection, channels: readonly Channel[]): Promise<void>;
  leave(connection: Connection): Promise<void>;
}

/** All pages, one after the other. */
const everyPage = async <Entry>(
  read: (query: IndexQuery) => Promise<IndexPage<Entry>>,
  limit: number,
): Promise<readonly (readonly Entry[])[]> => {
  const pages: (readonly Entry[])[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const { entries, next } = await read(cursor === undefined ? { limit } : { limit, cursor });
    pages.push(entries);
    cursor = next;
  }
  return pages;
};

export const connectionIndexContract = (harness: Harness<IndexFixture>): void =>
  contract('ConnectionIndex', harness, promises => {
    promises('open connections are listed, the newest first, in pages that hold each once', async open => {
      const { port, clock, enter } = await open();
      const connections = Array.from({ length: 7 }, (_, n) =>
        aConnection({ connectedAt: clock.now() + Math.floor(n / 2), expiresAt: clock.now() + 60_000 }),
      );
      for (const connection of connections) await enter(connection, [BROADCAST]);
      const pages = await everyPage(query => port.connections(query), 3);
      expect(pages.map(page => page.length)).toEqual([3, 3, 1]);
      const listed = pages.flat().map(({ connection }) => connection);
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(connections.map(({ id }) => id)));
      const times = listed.map(({ connectedAt }) => connectedAt);
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    });

    promises('a connection is listed with whose it is, and how many channels it follows', async open => {
      const { port, enter } = await open();
      const connection = aConnection();
      await enter(connection, [BROADCAST, aChannel()]);
      const { entries, total } = await port.connections({ limit: 10 });
      expect(entries).toEqual([{ connection, channels: 2 }]);
      expect(total).toBe(1);
    });

    promises('those of one user are listed alone', async open => {
      const { port, enter } = await open();
      const [one, other] = [aConnection(), aConnection()];
      const ofAlice = { ...one, identity: { ...one.identity, user: userId('alice') } };
      await enter(ofAlice, [BROADCAST]);
      await enter({ ...other, identity: { ...other.identity, user: userId('bob') } }, [BROADCAST]);
      const { entries, total } = await port.connections({ limit: 10, user: userId('alice') });
      expect([entries.map(({ connection }) => connection), total]).toEqual([[ofAlice], 1]);
    });

    promises('who has left, or whose time is over, is listed no more', async open => {
      const { port, clock, enter, leave, advance } = await open();
      const [left, over] = [aConnection(), aConnection({ expiresAt: clock.now() + 1_000 })];
      await enter(left, [BROADCAST]);
      await enter(over, [BROADCAST]);
      await leave(left);
      await advance(1_000);
      expect(await port.connections({ limit: 10 })).toEqual({ entries: [], total: 0 });
    });

    promises('channels are listed by their followers, the most first, in pages', async open => {
      const { port, enter } = await open();
      const rooms = ['room:a', 'room:b', 'room:c'] as Channel[];
      for (const count of [1, 2, 3]) await enter(aConnection(), [BROADCAST, ...rooms.slice(0, count)]);
      const pages = await everyPage(query => port.channels(query), 2);
      expect(pages.map(page => page.map(({ channel, followers }) => [channel, followers]))).toEqual([
        [
          [BROADCAST, 3],
          ['room:a', 3],
        ],
        [
          ['room:b', 2],
          ['room:c', 1],
        ],
      ]);
    });

    promises('channels that nobody follows any more, or that begin otherwise, are not listed', async open => {
      const { port, enter, leave } = await open();
      const [stays, leaves] = [aConnection(), aConnection()];
      await enter(stays, ['room:a' as Channel, userChannel(userId('alice'))]);
      await enter(leaves, ['room:b' as Channel]);
      await leave(leaves);
      const { entries, total } = await port.channels({ limit: 10, prefix: 'room:' });
      expect([entries, total]).toEqual([[{ channel: 'room:a', followers: 1 }], 1]);
    });

    promises('a cursor that no page gave is refused', async open => {
      const { port } = await open();
      const refused = { code: 'invalid', field: 'cursor' };
      await expect(port.connections({ limit: 1, cursor: 'nonsense' })).rejects.toMatchObject(refused);
      await expect(port.channels({ limit: 1, cursor: '-1' })).rejects.toMatchObject(refused);
    });
  });
