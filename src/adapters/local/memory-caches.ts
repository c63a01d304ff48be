import type { Cache } from '../../ports/cache.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Caches } from '../caching/caches.ts';
import { MemoryCache } from './memory-cache.ts';

/** Each server's own. */
export class MemoryCaches implements Caches {
  readonly #clock: Clock;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  open<Value>(): Cache<Value> {
    return new MemoryCache<Value>({ clock: this.#clock });
  }
}
