import type { Cache } from '../../ports/cache.ts';

/** Where caches are to be had, each apart from the others. */
export interface Caches {
  /**
   * @param name what is in it
   * @param parse takes what was kept, which an older version may have written; throws for what is no such value any more
   */
  open<Value>(name: string, parse: (kept: unknown) => Value): Cache<Value>;
}
