import type { Kept } from '../../src/adapters/caching/cached-lookup.ts';
import { CachedLookup } from '../../src/adapters/caching/cached-lookup.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import type { Cache } from '../../src/ports/cache.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from './fakes.ts';

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
export const aLookup = ({ stored }: { readonly stored: Value } = { stored: 'old' }) => {
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
