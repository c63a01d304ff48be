import type { Cache } from '../../ports/cache.ts';
import type { Caches } from './caches.ts';

/** For processes that could not tell each other what has changed: keeps nothing. */
export class NoCaches implements Caches {
  open<Value>(): Cache<Value> {
    return {
      get: () => Promise.resolve(undefined),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(),
    };
  }
}
