import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectionId } from '../../src/domain/ids.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { aChannel, aConnection, aJob } from '../support/builders.ts';
import { aWorld } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const lobby = aChannel('room:lobby');
const [a, b, c] = ['a', 'b', 'c'].map(connectionId) as [ConnectionId, ConnectionId, ConnectionId];

const withMembers = async (world: ReturnType<typeof aWorld>, ...members: readonly ConnectionId[]) => {
  for (const id of members) {
    await world.registry.register(aConnection({ id, expiresAt: world.clock.now() + 1_000 * HOUR_MS }), [
      lobby,
    ]);
  }
};

describe('A delivery', () => {
  test('that succeeds posts once, for all connections together', async () => {
    const world = aWorld();
    await world.deliver.execute(aJob({ connectionIds: [a, b, c] }));
    expect(world.gateway.calls).toEqual([3]);
    expect(world.metrics.counted('deliveries_total', { outcome: 'delivered' })).toBe(3);
  });

  test('prunes a gone connection at the first failed post, and delivers to its neighbours', async () => {
    const world = aWorld();
    await withMembers(world, a, b, c);
    world.gateway.script(b, 'gone');

    await world.deliver.execute(aJob({ connectionIds: [a, b, c] }));

    expect(await world.registry.find(b)).toBeUndefined();
    expect(world.gateway.received(a)).toHaveLength(1);
    expect(world.gateway.received(c)).toHaveLength(1);
    expect(world.gateway.calls).toEqual([3]);
    expect(world.metrics.counted('connections_pruned_total')).toBe(1);
  });

  test('retries only those that did not get it', async () => {
    const world = aWorld();
    world.gateway
      .script(b, 'throttled', 'throttled', 'delivered')
      .script(c, { failed: 'reset' }, 'delivered');

    const done = world.deliver.execute(aJob({ connectionIds: [a, b, c] }));
    await world.clock.advance(HOUR_MS);
    await done;

    expect([a, b, c].map(id => world.gateway.received(id).length)).toEqual([1, 1, 1]);
    expect(world.gateway.calls).toEqual([3, 2, 1]);
  });

  test('hands the rest to the queue when its budget is over, and they get it later', async () => {
    const world = aWorld({ policy: { retryBudgetMs: 0 } });
    world.gateway.script(b, 'throttled', 'delivered');

    await world.deliver.execute(aJob({ connectionIds: [a, b] }));
    expect(world.gateway.received(b)).toEqual([]);
    expect(world.metrics.counted('deliveries_requeued_total')).toBe(1);

    await world.clock.advance(HOUR_MS);
    expect(world.gateway.received(a)).toHaveLength(1);
    expect(world.gateway.received(b)).toHaveLength(1);
  });

  test('that never succeeds ends: it is dead-lettered at the last attempt with its causes, logged and counted', async () => {
    const world = aWorld({ policy: { maxAttempts: 3 } });
    world.gateway.script(a, { failed: 'reset by peer' }).script(b, 'throttled');

    const done = world.deliver.execute(aJob({ connectionIds: [a, b, c] }));
    await world.clock.advance(HOUR_MS);
    await done;

    const letters = await world.queue.deadLetters(10);
    expect(letters).toMatchObject([
      { job: { connectionIds: [a, b], attempt: 3 }, cause: 'reset by peer (1), throttled (1)' },
    ]);
    expect(world.metrics.counted('deliveries_dead_lettered_total')).toBe(2);
    expect(world.logger.of('delivery.dead-lettered')).toHaveLength(1);
    expect(world.gateway.received(c)).toHaveLength(1);
    const calls = world.gateway.calls.length;
    await world.clock.advance(24 * HOUR_MS);
    expect(world.gateway.calls).toHaveLength(calls);
  });

  test('from the dead-letter queue is made good by a redrive', async () => {
    const world = aWorld({ policy: { maxAttempts: 1, retryBudgetMs: 0 } });
    world.gateway.script(a, 'throttled', 'delivered');
    await world.deliver.execute(aJob({ connectionIds: [a] }));
    expect(await world.queue.redrive(10)).toBe(1);
    await world.clock.advance(0);
    expect(world.gateway.received(a)).toHaveLength(1);
    expect(await world.queue.deadLetters(10)).toEqual([]);
  });

  test('redelivered whole is sent to those that are still there, and prunes nobody twice', async () => {
    const world = aWorld();
    await withMembers(world, a, b);
    world.gateway.script(b, 'gone');
    const job = aJob({ connectionIds: [a, b] });
    await world.deliver.execute(job);
    await world.deliver.execute(job);
    expect(world.metrics.counted('connections_pruned_total')).toBe(1);
  });

  test('to a connection whose handshake is not finished waits where the platform cannot tell it from a gone one', async () => {
    const world = aWorld({ policy: { openingGraceMs: 3_000 } });
    await withMembers(world, a);
    world.gateway.script(a, 'gone', 'gone', 'delivered');

    const done = world.deliver.execute(aJob({ connectionIds: [a] }));
    await world.clock.advance(2_900);
    await done;

    expect(await world.registry.find(a)).toBeDefined();
    expect(world.gateway.received(a)).toHaveLength(1);
  });

  test('to one still gone after the opening grace prunes it', async () => {
    const world = aWorld({ policy: { openingGraceMs: 3_000 } });
    await withMembers(world, a);
    world.gateway.script(a, 'gone');
    const done = world.deliver.execute(aJob({ connectionIds: [a] }));
    await world.clock.advance(HOUR_MS);
    await done;
    expect(await world.registry.find(a)).toBeUndefined();
  });
});

describe('A throttling storm', () => {
  test('whatever its shape, ends with every connection served once or dead-lettered once, and nobody served twice', async () => {
    const outcome = fc.constantFrom<'throttled' | 'delivered' | { failed: string }>(
      'throttled',
      'delivered',
      {
        failed: 'reset',
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(outcome, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        async (scripts, seed) => {
          const world = aWorld({ seed, policy: { retryBudgetMs: 200 } });
          const ids = scripts.map((script, index) => {
            const id = connectionId(`c${index}`);
            world.gateway.script(id, ...script);
            return id;
          });

          const done = world.deliver.execute(aJob({ connectionIds: ids }));
          await world.clock.advance(HOUR_MS);
          await done;

          const letters = await world.queue.deadLetters(100);
          const dead = letters.flatMap(({ job }) => job.connectionIds);
          for (const id of ids) {
            const served = world.gateway.received(id).length;
            expect(served + dead.filter(other => other === id).length).toBe(1);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
