// Longer than most files: one port, one suite, so that an adapter is held to all of its promises or to none.

import fc from 'fast-check';
import { expect } from 'vitest';
import { BROADCAST, type Channel, userChannel } from '../../src/domain/channel.ts';
import type { Connection } from '../../src/domain/connection.ts';
import type { ConnectionId } from '../../src/domain/ids.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { ConnectionRegistry, MembersPage } from '../../src/ports/connection-registry.ts';
import { aChannel, aConnection, anIdentity } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

export interface RegistryLimits {
  /** Of every channel. */
  readonly shards: number;
}

const LOBBY = aChannel('room:lobby');
const ALICE = userChannel(userId('alice'));

export const connectionRegistryContract = (
  harness: Harness<Fixture<ConnectionRegistry>, RegistryLimits>,
): void =>
  contract('ConnectionRegistry', harness, promises => {
    const examples = { numRuns: harness.examples ?? 100 };

    promises('two instances do not see each other', async open => {
      const [one, other] = [withConnections(await open()), await open()];
      const connection = one.connectionNow();
      await one.port.register(connection, [LOBBY]);
      expect(await other.port.find(connection.id)).toBeUndefined();
      expect(await membersOf(other.port, LOBBY)).toEqual([]);
      expect(await other.port.remove(connection.id)).toBeUndefined();
      expect(await membersOf(one.port, LOBBY)).toEqual([connection.id]);
    });

    promises('a registered connection is found as it was registered', async open => {
      const { port, connectionNow } = withConnections(await open());
      const capability = { pattern: 'room:*', actions: ['subscribe', 'publish'] as const };
      const connection = connectionNow({ identity: anIdentity({ capabilities: [capability], admin: true }) });
      expect(await port.register(connection, [])).toBe('registered');
      expect(await port.find(connection.id)).toEqual(connection);
    });

    promises('a registered connection is subscribed to its first channels, each once', async open => {
      const { port, connectionNow } = withConnections(await open());
      const connection = connectionNow();
      await port.register(connection, [ALICE, BROADCAST, ALICE]);
      expect(sorted(await port.subscriptions(connection.id))).toEqual([BROADCAST, ALICE]);
      expect(await membersOf(port, ALICE)).toEqual([connection.id]);
      expect(await membersOf(port, BROADCAST)).toEqual([connection.id]);
    });

    promises('a connection that nobody registered is unknown everywhere', async open => {
      const { port } = await open();
      const id = connectionId('stranger');
      expect(await port.find(id)).toBeUndefined();
      expect(await port.subscriptions(id)).toEqual([]);
      expect(await port.subscribe(id, LOBBY)).toBe('unknown');
      expect(await port.unsubscribe(id, LOBBY)).toBe(false);
      expect(await membersOf(port, LOBBY)).toEqual([]);
    });

    promises('registering twice changes nothing', async open => {
      const { port, connectionNow } = withConnections(await open());
      const first = connectionNow();
      await port.register(first, [ALICE]);
      const again = connectionNow({ id: first.id, identity: anIdentity({ user: userId('mallory') }) });
      expect(await port.register(again, [LOBBY])).toBe('known');
      expect(await port.find(first.id)).toEqual(first);
      expect(await port.subscriptions(first.id)).toEqual([ALICE]);
      expect(await membersOf(port, LOBBY)).toEqual([]);
    });

    promises('subscribing adds to the members, and doing it twice changes nothing', async open => {
      const { port, registered } = withConnections(await open());
      const { id } = await registered([ALICE]);
      expect(await port.subscribe(id, LOBBY)).toBe('subscribed');
      expect(await port.subscribe(id, LOBBY)).toBe('known');
      expect(await membersOf(port, LOBBY)).toEqual([id]);
      expect(sorted(await port.subscriptions(id))).toEqual([LOBBY, ALICE]);
    });

    promises('unsubscribing takes one channel away, and doing it twice changes nothing', async open => {
      const { port, registered } = withConnections(await open());
      const { id } = await registered([ALICE, LOBBY]);
      const other = await registered([LOBBY]);
      expect(await port.unsubscribe(id, LOBBY)).toBe(true);
      expect(await port.unsubscribe(id, LOBBY)).toBe(false);
      expect(await port.subscriptions(id)).toEqual([ALICE]);
      expect(await membersOf(port, LOBBY)).toEqual([other.id]);
      expect(await membersOf(port, ALICE)).toEqual([id]);
    });

    promises('who left a channel may join it again', async open => {
      const { port, registered } = withConnections(await open());
      const { id } = await registered([LOBBY]);
      await port.unsubscribe(id, LOBBY);
      expect(await port.subscribe(id, LOBBY)).toBe('subscribed');
      expect(await membersOf(port, LOBBY)).toEqual([id]);
    });

    promises('removing takes the connection and all its subscriptions away, and only its own', async open => {
      const { port, registered } = withConnections(await open());
      const connection = await registered([ALICE, BROADCAST]);
      const { id } = connection;
      await port.subscribe(id, LOBBY);
      const other = await registered([ALICE, BROADCAST, LOBBY]);
      const channels = expect.arrayContaining([ALICE, BROADCAST, LOBBY]);
      expect(await port.remove(id)).toEqual({ connection, channels });
      expect(await port.remove(id)).toBeUndefined();
      expect(await port.find(id)).toBeUndefined();
      expect(await port.subscriptions(id)).toEqual([]);
      for (const channel of [ALICE, BROADCAST, LOBBY])
        expect(await membersOf(port, channel)).toEqual([other.id]);
    });

    promises('removing one whose time is over tells what it was', ['manual-time'], async open => {
      const { port, clock, advance, registered } = withConnections(await open());
      const connection = await registered([LOBBY], { expiresAt: clock.now() + 60_000 });
      await advance(60_000);
      expect(await membersOf(port, LOBBY)).toEqual([]);
      expect(await port.remove(connection.id)).toEqual({ connection, channels: [LOBBY] });
      expect(await port.register(connection, [LOBBY])).toBe('removed');
    });

    promises('a removed connection never comes back by registering late', async open => {
      const { port, registered } = withConnections(await open());
      const connection = await registered([LOBBY]);
      await port.remove(connection.id);
      expect(await port.register(connection, [LOBBY])).toBe('removed');
      expect(await port.find(connection.id)).toBeUndefined();
      expect(await membersOf(port, LOBBY)).toEqual([]);
    });

    promises('a connection that was removed before it was registered stays away', async open => {
      const { port, connectionNow } = withConnections(await open());
      const connection = connectionNow();
      expect(await port.remove(connection.id)).toBeUndefined();
      expect(await port.register(connection, [LOBBY])).toBe('removed');
      expect(await membersOf(port, LOBBY)).toEqual([]);
    });

    promises('a removed connection never comes back by subscribing late', async open => {
      const { port, registered } = withConnections(await open());
      const { id } = await registered([ALICE]);
      await port.remove(id);
      expect(await port.subscribe(id, LOBBY)).toBe('unknown');
      expect(await membersOf(port, LOBBY)).toEqual([]);
    });

    promises('a removal is remembered for 30 s', ['manual-time'], async open => {
      const { port, advance, registered } = withConnections(await open());
      const connection = await registered([LOBBY]);
      await port.remove(connection.id);
      await advance(30_000);
      expect(await port.register(connection, [LOBBY])).toBe('removed');
    });

    promises('whatever races with a removal, nothing is left behind', async open => {
      const { port, connectionNow } = withConnections(await open());
      const others = [
        'subscribe',
        'subscribe to another',
        'unsubscribe',
        'remove',
        'register again',
      ] as const;
      const order = fc.shuffledSubarray([...others], { minLength: 1 });
      const at = fc.nat({ max: others.length });
      let example = 0;
      await fc.assert(
        fc.asyncProperty(order, at, async (steps, removeAt) => {
          const room = aChannel(`room:${example++}`);
          const connection = connectionNow();
          const calls = {
            subscribe: () => port.subscribe(connection.id, room),
            'subscribe to another': () => port.subscribe(connection.id, aChannel(`${room}-other`)),
            unsubscribe: () => port.unsubscribe(connection.id, room),
            remove: () => port.remove(connection.id),
            'register again': () => port.register(connection, [room]),
          };
          const all: (keyof typeof calls)[] = [...steps];
          all.splice(removeAt, 0, 'remove');
          const first = port.register(connection, [room]);
          await Promise.all([first, ...all.map(step => calls[step]())]);
          expect(await port.find(connection.id)).toBeUndefined();
          expect(await port.subscriptions(connection.id)).toEqual([]);
          expect(await membersOf(port, room)).toEqual([]);
          expect(await membersOf(port, aChannel(`${room}-other`))).toEqual([]);
        }),
        examples,
      );
    });

    promises('of many registrations at once, exactly one is the first', async open => {
      const { port, connectionNow } = withConnections(await open());
      const connection = connectionNow();
      const answers = await Promise.all(Array.from({ length: 10 }, () => port.register(connection, [LOBBY])));
      expect(answers.filter(answer => answer === 'registered')).toHaveLength(1);
      expect(answers.filter(answer => answer === 'known')).toHaveLength(9);
      expect(await membersOf(port, LOBBY)).toEqual([connection.id]);
    });

    promises(
      'whichever read meets an expired connection first leaves it out',
      ['manual-time'],
      async open => {
        const { port, advance, registered, connectionNow } = withConnections(await open());
        const expiresAt = connectionNow().connectedAt + 60_000;
        const [found, asked, subscribing, leaving] = await Promise.all(
          [1, 2, 3, 4].map(() => registered([LOBBY], { expiresAt }).then(({ id }) => id)),
        );
        if (!found || !asked || !subscribing || !leaving) throw new Error('four were registered');
        await advance(60_001);
        expect(await port.find(found)).toBeUndefined();
        expect(await port.subscriptions(asked)).toEqual([]);
        expect(await port.subscribe(subscribing, ALICE)).toBe('unknown');
        expect(await port.unsubscribe(leaving, LOBBY)).toBe(false);
        expect(await membersOf(port, ALICE)).toEqual([]);
      },
    );

    promises('an expired connection is no member any more', ['manual-time'], async open => {
      const { port, clock, advance, connectionNow } = withConnections(await open());
      const short = connectionNow({ expiresAt: clock.now() + 60_000 });
      const long = connectionNow({ expiresAt: clock.now() + 120_000 });
      await port.register(short, [LOBBY]);
      await port.register(long, [LOBBY]);
      await advance(59_999);
      expect(await membersOf(port, LOBBY)).toEqual(sorted([short.id, long.id]));
      expect(await port.find(short.id)).toEqual(short);
      await advance(2);
      expect(await membersOf(port, LOBBY)).toEqual([long.id]);
      expect(await port.find(long.id)).toEqual(long);
    });

    promises('expired connections hide nobody who stands among them', ['manual-time'], async open => {
      const { port, clock, advance, registered } = withConnections(await open());
      const staying: ConnectionId[] = [];
      for (let index = 0; index < 12; index++) {
        const expiresAt = clock.now() + (index % 3 === 0 ? 120_000 : 60_000);
        const { id } = await registered([LOBBY], { expiresAt });
        if (index % 3 === 0) staying.push(id);
      }
      await advance(60_001);
      expect(await membersOf(port, LOBBY, 2)).toEqual(sorted(staying));
      expect(await membersOf(port, LOBBY, 100)).toEqual(sorted(staying));
    });

    promises('a channel without members is one empty page', async open => {
      const { port } = await open();
      for (let shard = 0; shard < port.shards(LOBBY); shard++) {
        const page = await port.members(LOBBY, { shard, limit: 10 });
        expect(page.connectionIds).toEqual([]);
        expect(page.next).toBeUndefined();
      }
    });

    promises('there is at least one shard, and always as many', async open => {
      const { port, registered } = withConnections(await open());
      const counts = [LOBBY, ALICE, BROADCAST].map(channel => port.shards(channel));
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
      await registered([LOBBY, ALICE, BROADCAST]);
      expect([LOBBY, ALICE, BROADCAST].map(channel => port.shards(channel))).toEqual(counts);
    });

    promises('paging meets every member exactly once, whatever the size of a page', async open => {
      const { port, registerMany } = withConnections(await open());
      let example = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 25 }), fc.integer({ min: 1, max: 30 }), async (size, limit) => {
          const room = aChannel(`room:${example++}`);
          const ids = await registerMany(size, room);
          expect(await membersOf(port, room, limit)).toEqual(ids);
          expect(await membersOf(port, room, 1)).toEqual(ids);
        }),
        examples,
      );
    });

    promises(
      'paging meets every member exactly once, whatever the number of shards',
      ['limits'],
      async open => {
        for (const shards of [2, 3, 16]) {
          const { port, registerMany } = withConnections(await open({ shards }));
          expect(port.shards(LOBBY)).toBe(shards);
          const ids = await registerMany(50, LOBBY);
          for (const limit of [100, 7, 1]) expect(await membersOf(port, LOBBY, limit)).toEqual(ids);
          for (const id of ids) await port.unsubscribe(id, LOBBY);
          expect(await membersOf(port, LOBBY)).toEqual([]);
        }
      },
    );

    promises('a channel that fits one page says that there is no other', async open => {
      const { port, registerMany } = withConnections(await open());
      await registerMany(3, LOBBY);
      const pages = await pagesOf(port, LOBBY, 3);
      expect(pages.every(({ next }) => next === undefined)).toBe(true);
    });

    promises('who stays from start to end is met exactly once, whoever else comes and goes', async open => {
      const { port, registerMany } = withConnections(await open());
      const change = fc.record({ leaver: fc.nat({ max: 19 }), joiners: fc.nat({ max: 2 }) });
      const changes = fc.array(change, { minLength: 1, maxLength: 8 });
      let example = 0;
      await fc.assert(
        fc.asyncProperty(changes, fc.integer({ min: 1, max: 6 }), async (between, limit) => {
          const room = aChannel(`room:${example++}`);
          const ids = await registerMany(20, room);
          const left = new Set<ConnectionId>();
          const pending = [...between];
          const met = await membersOf(port, room, limit, async () => {
            const next = pending.shift();
            const leaver = next === undefined ? undefined : ids[next.leaver];
            if (leaver !== undefined) await port.remove(leaver);
            if (leaver !== undefined) left.add(leaver);
            await registerMany(next?.joiners ?? 0, room);
          });
          const stayed = ids.filter(id => !left.has(id));
          const staying = new Set(stayed);
          expect(met.filter(id => staying.has(id))).toEqual(stayed);
        }),
        examples,
      );
    });

    promises('many connections that come and go at once leave exactly those that stayed', async open => {
      const { port, connectionNow } = withConnections(await open());
      const connections = Array.from({ length: 60 }, () => connectionNow());
      await Promise.all(connections.map(connection => port.register(connection, [BROADCAST])));
      const leaving = connections.filter((_, index) => index % 2 === 0);
      await Promise.all(leaving.map(({ id }) => port.remove(id)));
      const staying = connections.filter((_, index) => index % 2 === 1).map(({ id }) => id);
      expect(await membersOf(port, BROADCAST)).toEqual(sorted(staying));
    });

    promises('what one instance registers, another finds', ['two-instances'], async open => {
      const fixture = withConnections(await open());
      const twin = await twinOf(fixture);
      const connection = await fixture.registered([LOBBY]);
      expect(await twin.find(connection.id)).toEqual(connection);
      expect(await membersOf(twin, LOBBY)).toEqual([connection.id]);
      expect(await twin.remove(connection.id)).toMatchObject({ channels: expect.any(Array) });
      expect(await fixture.port.register(connection, [LOBBY])).toBe('removed');
    });
  });

/** A fixture with connections that are as old as its clock says, and live two hours. */
const withConnections = <Opened extends Fixture<ConnectionRegistry>>(fixture: Opened) => {
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

const pagesOf = async (
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
const membersOf = async (
  port: ConnectionRegistry,
  channel: Channel,
  limit = 100,
  betweenPages?: () => Promise<void>,
): Promise<readonly ConnectionId[]> => {
  const pages = await pagesOf(port, channel, limit, betweenPages);
  return sorted(pages.flatMap(({ connectionIds }) => connectionIds));
};

const sorted = <Text extends string>(texts: readonly Text[]): readonly Text[] => [...texts].sort();
