import fc from 'fast-check';
import { expect } from 'vitest';
import { BROADCAST } from '../../../src/domain/channel.ts';
import type { ConnectionId } from '../../../src/domain/ids.ts';
import { aChannel } from '../../support/builders.ts';
import type { Examples } from '../../support/harness.ts';
import type { RegistryPromises } from './connections.ts';
import { ALICE, LOBBY, membersOf, pagesOf, withConnections } from './connections.ts';

/** The way through all pages of all shards meets everyone once. */
export const paging = (promises: RegistryPromises, examples: Examples): void => {
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
};
