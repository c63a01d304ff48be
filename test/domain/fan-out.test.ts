import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../src/domain/channel.ts';
import { BROADCAST } from '../../src/domain/channel.ts';
import type { DeliveryJob } from '../../src/domain/delivery.ts';
import { DEFAULT_DELIVERY_POLICY } from '../../src/domain/delivery-policy.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { FanOut } from '../../src/domain/use-cases/fan-out.ts';
import type { ConnectionRegistry, MembersQuery } from '../../src/ports/connection-registry.ts';
import type { DeliveryQueue } from '../../src/ports/delivery-queue.ts';
import { aChannel, aConnection, aMessage } from '../support/builders.ts';
import { settled } from '../support/settled.ts';
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

  test('reads many members at once, and hands many jobs on at once, while it reads on', async () => {
    const policy = { inlineMembers: 2, pageSize: 2, readMembers: 12, handedJobs: 5, handsUnderWay: 2 };
    const handed: number[] = [];
    const held: (() => void)[] = [];
    const world = aWorld({ policy });
    await populate(world, 60);
    let reads = 0;
    const registry = {
      shards: () => 1,
      members: (channel: Channel, query: MembersQuery) => {
        reads += 1;
        return world.registry.members(channel, query);
      },
    } as unknown as ConnectionRegistry;
    const queue = {
      enqueue: (jobs: readonly DeliveryJob[]) => {
        handed.push(jobs.length);
        return new Promise<void>(resolve => held.push(resolve));
      },
    } as unknown as DeliveryQueue;
    const fanOut = new FanOut({ ...world, registry, queue }, { ...DEFAULT_DELIVERY_POLICY, ...policy });
    const planning = fanOut.execute(aMessage({ channel: lobby }));
    await settled();
    expect(handed).toEqual([5, 5]); // and no third, as long as both are under way
    while (held.length > 0) {
      held.shift()?.();
      await settled();
    }
    await planning;
    expect(handed).toEqual([5, 5, 5, 5, 5, 5]);
    expect(reads).toBe(5);
  });

  test('fails when a job was not taken, for the message to be planned anew', async () => {
    const policy = { inlineMembers: 2, pageSize: 2, handedJobs: 2 };
    const world = aWorld({ policy });
    await populate(world, 60);
    let calls = 0;
    const queue = {
      enqueue: async () => {
        calls += 1;
        if (calls === 3) throw new FanfareError('unavailable', 'the queue is down');
      },
    } as unknown as DeliveryQueue;
    const fanOut = new FanOut({ ...world, queue }, { ...DEFAULT_DELIVERY_POLICY, ...policy });
    await expect(fanOut.execute(aMessage({ channel: lobby }))).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.metrics.counted('fan_outs_total')).toBe(0);
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
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 4 }),
        async (members, shards, pageSize, inlineMembers, readMembers, handedJobs) => {
          const world = aWorld({ shards, policy: { pageSize, inlineMembers, readMembers, handedJobs } });
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
