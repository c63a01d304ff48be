import { describe, expect, test } from 'vitest';
import { LONGEST_KEPT_MS } from '../../src/adapters/caching/cached-lookup.ts';
import { settled } from '../support/settled.ts';
import { aLookup } from '../support/slow-lookup.ts';

describe('A cached lookup', () => {
  test('asks once for what does not change, and counts it', async () => {
    const world = aLookup();
    expect([await world.get(), await world.get(), await world.get()]).toEqual(['old', 'old', 'old']);
    expect(world.loads).toBe(1);
    expect(world.metrics.counted('cache_lookups_total', { cache: 'values', outcome: 'hit' })).toBe(2);
    expect(world.metrics.counted('cache_lookups_total', { outcome: 'miss' })).toBe(1);
  });

  test('asks once for many who look up at a time', async () => {
    const world = aLookup();
    world.slow = true;
    const answers = Promise.all(Array.from({ length: 50 }, world.get));
    await settled();
    world.answer();
    expect(new Set(await answers)).toEqual(new Set(['old']));
    expect(world.loads).toBe(1);
  });

  test('fails for all who waited, keeps nothing of it, and asks again', async () => {
    const { lookup } = aLookup();
    const failing = () => lookup.get('key', () => Promise.reject(new Error('the database is down')));
    const outcomes = await Promise.allSettled([failing(), failing()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await lookup.get('key', async () => 'back')).toBe('back');
  });

  test.each([
    ['something', 'old', LONGEST_KEPT_MS],
    ['nothing', undefined, 10_000],
    ['an empty list', [], 10_000],
  ])('knows %s for a while, and not for longer', async (_, stored, longestMs) => {
    const world = aLookup({ stored });
    await world.get();
    await world.clock.advance(longestMs * 0.8 - 1);
    expect(await world.get()).toEqual(stored);
    expect(world.loads).toBe(1);
    await world.clock.advance(longestMs * 0.2 + 1);
    await world.get();
    expect(world.loads).toBe(2);
  });

  test('lets what was read at one moment end at different ones', async () => {
    const { lookup, clock } = aLookup();
    let loads = 0;
    const getAll = () =>
      Promise.all(Array.from({ length: 100 }, (_, n) => lookup.get(`key ${n}`, async () => `${++loads}`)));
    await getAll();
    await clock.advance(LONGEST_KEPT_MS * 0.9);
    await getAll();
    expect(loads).toBeGreaterThan(110);
    expect(loads).toBeLessThan(190);
  });
});

describe('While the cache is down', () => {
  test('every lookup asks the database, and each failure is counted', async () => {
    const world = aLookup();
    world.cache.down = true;
    for (let asked = 0; asked < 2; asked++) {
      expect(await world.get()).toBe('old');
      await settled();
    }
    expect(world.loads).toBe(2);
    expect(world.metrics.counted('failures_total', { where: 'cache' })).toBe(4);
    expect(world.logger.of('cache.failed')).toHaveLength(1);
  });

  test('an entry that a write could not delete is not trusted when the cache is back', async () => {
    const world = aLookup();
    await world.get();
    world.cache.down = true;
    await world.save('new');
    world.cache.down = false;
    expect(await world.get()).toBe('new');
    await settled();
    expect([await world.get(), world.loads]).toEqual(['new', 2]);
  });

  test('nor is one that was still on its way to the cache when the write could not delete it', async () => {
    const world = aLookup();
    const inner = world.cache.set.bind(world.cache);
    const slowly = Promise.withResolvers<void>();
    world.cache.set = async (...entry) => {
      await inner(...entry);
      await slowly.promise;
    };
    await world.get();
    world.cache.down = true;
    await world.save('new');
    world.cache.down = false;
    slowly.resolve();
    await settled();
    expect(await world.get()).toBe('new');
  });
});
