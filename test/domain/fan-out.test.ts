import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BROADCAST } from '../../src/domain/channel.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { aChannel, aConnection, aMessage } from '../support/builders.ts';
import { aWorld } from '../support/world.ts';

const lobby = aChannel('room:lobby');

const populate = async (world: ReturnType<typeof aWorld>, members: number, channel = lobby) => {
  const ids = Array.from({ length: members }, (_, index) => connectionId(`c${index}`));
  for (const id of ids) await world.registry.register(aConnection({ id }), [channel]);
  return ids;
};

describe('Fan-out', () => {
  test('delivers a small channel where it is planned, in one hop', async () => {
    const world = aWorld();
    const ids = await populate(world, 30);
    await world.fanOut.execute(aMessage({ channel: lobby }));
    expect(world.gateway.calls).toEqual([30]);
    expect(ids.every(id => world.gateway.received(id).length === 1)).toBe(true);
    expect(world.metrics.counted('fan_outs_total', { mode: 'inline' })).toBe(1);
  });

  test('splits a large channel into jobs of a page each', async () => {
    const world = aWorld({ policy: { inlineMembers: 10, pageSize: 10 } });
    await populate(world, 35);
    await world.fanOut.execute(aMessage({ channel: lobby }));
    await world.clock.advance(0);
    expect(world.gateway.calls).toEqual([10, 10, 10, 5]);
    expect(world.metrics.counted('fan_outs_total', { mode: 'queued' })).toBe(1);
  });

  test('sends nothing to an empty channel', async () => {
    const world = aWorld();
    await world.fanOut.execute(aMessage({ channel: lobby }));
    expect(world.gateway.calls).toEqual([]);
    expect(world.metrics.counted('fan_outs_total', { mode: 'empty' })).toBe(1);
  });

  test('reaches only members of the channel; a broadcast reaches its own', async () => {
    const world = aWorld();
    await populate(world, 3);
    const everyone = aConnection({ id: connectionId('everyone') });
    await world.registry.register(everyone, [BROADCAST]);
    await world.fanOut.execute(aMessage({ channel: BROADCAST }));
    expect(world.gateway.calls).toEqual([1]);
    expect(world.gateway.received(everyone.id)).toHaveLength(1);
  });

  test('covers each member exactly once, for any number of members, shards, and any size of page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 60 }),
        async (members, shards, pageSize, inlineMembers) => {
          const world = aWorld({ shards, policy: { pageSize, inlineMembers } });
          const ids = await populate(world, members);
          await world.fanOut.execute(aMessage({ channel: lobby }));
          await world.clock.advance(0);
          expect(ids.map(id => world.gateway.received(id).length)).toEqual(ids.map(() => 1));
          expect(world.gateway.calls.every(size => size <= Math.max(pageSize, inlineMembers))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('hands a slow connection on without waiting for it', async () => {
    const world = aWorld();
    await populate(world, 2);
    world.gateway.script(connectionId('c0'), 'throttled', 'delivered');
    await world.fanOut.execute(aMessage({ channel: lobby })); // resolves although no time passes
    expect(world.gateway.received(connectionId('c1'))).toHaveLength(1);
    await world.clock.advance(60_000);
    expect(world.gateway.received(connectionId('c0'))).toHaveLength(1);
  });

  test('repeated for the same message hands on the rest of each run', async () => {
    const world = aWorld();
    await populate(world, 2);
    world.gateway.script(connectionId('c0'), 'throttled', 'delivered');
    world.gateway.script(connectionId('c1'), 'delivered', 'throttled', 'delivered');
    const message = aMessage({ channel: lobby });
    await world.fanOut.execute(message);
    await world.fanOut.execute(message);
    await world.clock.advance(60_000);
    expect(world.gateway.received(connectionId('c0')).length).toBeGreaterThanOrEqual(1);
    expect(world.gateway.received(connectionId('c1'))).toHaveLength(2);
  });
});
