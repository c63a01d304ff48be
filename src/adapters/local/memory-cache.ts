import type { Cache } from '../../ports/cache.ts';
import type { Clock } from '../../ports/clock.ts';

export const DEFAULT_CACHE_ENTRIES = 10_000;

export interface MemoryCacheOptions {
  readonly clock: Clock;
  /** Beyond so many, the one least recently used is forgotten; at least 1. */
  readonly maxEntries?: number;
}

interface Entry<Value> {
  readonly value: Value;
  /** ms since 1970 */
  readonly expiresAt: number;
}

export class MemoryCache<Value> implements Cache<Value> {
  readonly #clock: Clock;
  readonly #maxEntries: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry<Value>>();

  constructor({ clock, maxEntries = DEFAULT_CACHE_ENTRIES }: MemoryCacheOptions) {
    this.#clock = clock;
    this.#maxEntries = maxEntries;
  }

  async get(key: string): Promise<Value | undefined> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.expiresAt <= this.#clock.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  async set(key: string, value: Value, ttlMs: number): Promise<void> {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt: this.#clock.now() + ttlMs });
    if (this.#entries.size > this.#maxEntries) this.#forgetOldest();
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key);
  }

  #forgetOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
