import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Kept } from '../../src/adapters/caching/cached-lookup.ts';
import { CachedLookup, LONGEST_KEPT_MS } from '../../src/adapters/caching/cached-lookup.ts';
import { Distrust } from '../../src/adapters/caching/distrust.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import type { Cache } from '../../src/ports/cache.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from '../support/fakes.ts';

type Value = string | readonly string[] | undefined;

/** A cache that is there or not, as a test says. */
class SwitchedCache implements Cache<Kept<Value>> {
  readonly #inner: Cache<Kept<Value>>;
  down = false;

  constructor(inner: Cache<Kept<Value>>) {
    this.#inner = inner;
  }

  get(key: string) {
    return this.#unlessDown(() => this.#inner.get(key));
  }

  set(key: string, value: Kept<Value>, ttlMs: number) {
    return this.#unlessDown(() => this.#inner.set(key, value, ttlMs));
  }

  delete(key: string) {
    return this.#unlessDown(() => this.#inner.delete(key));
  }

  async #unlessDown<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.down) throw new Error('the cache is down');
    return ask();
  }
}

/** A lookup over one stored value, which a test may let answer late. */
const aLookup = ({ stored }: { readonly stored: Value } = { stored: 'old' }) => {
  const clock = new ManualClock();
  const ports = {
    clock,
    logger: new RecordingLogger(),
    metrics: new RecordingMetrics(),
    ids: new SequentialIds(),
  };
  const cache = new SwitchedCache(new MemoryCache<Kept<Value>>({ clock }));
  const lookup = new CachedLookup<Value>({ ...ports, name: 'values', cache });
  const late: (() => void)[] = [];
  const world = {
    ...ports,
    cache,
    lookup,
    stored,
    loads: 0,
    /** Whether an answer waits until `answer` is called; it is what was stored when it was asked for. */
    slow: false,
    get: () =>
      lookup.get('key', async () => {
        world.loads += 1;
        const found = world.stored;
        if (world.slow) await new Promise<void>(resolve => late.push(resolve));
        return found;
      }),
    answer: () => late.shift()?.(),
    save: (value: Value) =>
      lookup.changing('key', async () => {
        world.stored = value;
      }),
  };
  return world;
};

const settled = () => new Promise(resolve => setImmediate(resolve));

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

describe('After a write', () => {
  test('what was read before it is not kept', async () => {
    const world = aLookup();
    world.slow = true;
    const before = world.get();
    await settled();
    await world.save('new');
    world.answer();
    expect(await before).toBe('old');
    world.slow = false;
    expect(await world.get()).toBe('new');
  });

  test('what was read while it was under way is not kept', async () => {
    const world = aLookup();
    await world.lookup.changing('key', async () => {
      expect(await world.get()).toBe('old');
      world.stored = 'new';
    });
    expect(await world.get()).toBe('new');
  });

  test('nobody waits with those who asked before it', async () => {
    const world = aLookup();
    world.slow = true;
    const before = world.get();
    await settled();
    await world.save('new');
    const after = world.get();
    await settled();
    for (let answers = 0; answers < 2; answers++) world.answer();
    expect([await before, await after]).toEqual(['old', 'new']);
    // The later one was kept, though the earlier one ended beside it.
    expect([await world.get(), world.loads]).toEqual(['new', 2]);
  });

  test('that failed, perhaps after it was done, nothing is known', async () => {
    const world = aLookup();
    await world.get();
    const failing = world.lookup.changing('key', async () => {
      world.stored = 'new';
      throw new Error('nobody heard that it was done');
    });
    await expect(failing).rejects.toThrow('nobody heard');
    expect(await world.get()).toBe('new');
  });

  test('whatever happens in whatever order, nobody reads what was overwritten before they asked', async () => {
    const steps = fc.array(fc.constantFrom('read', 'answer', 'write', 'down', 'up', 'wait'), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(steps, async plan => {
        const world = aLookup({ stored: '0' });
        world.slow = true;
        let version = 0;
        const reads: Promise<void>[] = [];
        for (const step of plan) {
          if (step === 'read') {
            const least = version;
            reads.push(world.get().then(value => expect(Number(value)).toBeGreaterThanOrEqual(least)));
          }
          if (step === 'answer') world.answer();
          if (step === 'write') await world.save(String(++version));
          if (step === 'down' || step === 'up') world.cache.down = step === 'down';
          if (step === 'wait') await world.clock.advance(20_000);
          await settled();
        }
        for (let answered = 0; answered <= plan.length; answered++) {
          world.answer();
          await settled();
        }
        await Promise.all(reads);
      }),
      { numRuns: 300 },
    );
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

describe('Distrust', () => {
  test('of more keys than there is room for is of all, until the last would have ended', async () => {
    const clock = new ManualClock();
    const distrust = new Distrust({ clock, lastingMs: 1_000, maxKeys: 2 });
    for (const key of ['a', 'b']) distrust.add(key);
    expect(['a', 'b', 'c'].map(key => distrust.has(key))).toEqual([true, true, false]);
    await clock.advance(500);
    distrust.add('c');
    await clock.advance(999);
    expect(['a', 'd'].map(key => distrust.has(key))).toEqual([true, true]);
    await clock.advance(1);
    expect(distrust.has('a')).toBe(false);
  });
});
