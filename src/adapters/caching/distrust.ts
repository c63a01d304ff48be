import type { Clock } from '../../ports/clock.ts';

export interface DistrustOptions {
  readonly clock: Clock;
  /** In ms; afterwards the entries are gone by themselves. */
  readonly lastingMs: number;
  /** Beyond so many, no key is trusted at all; at least 1. */
  readonly maxKeys?: number;
}

/** The keys of a cache whose entries should have been deleted, and may be there still. */
export class Distrust {
  readonly #options: Required<DistrustOptions>;
  /** Until when, in ms since 1970; the first to end first. */
  readonly #keys = new Map<string, number>();
  #allUntil = 0;

  constructor({ maxKeys = 10_000, ...options }: DistrustOptions) {
    this.#options = { maxKeys, ...options };
  }

  add(key: string): void {
    const { clock, lastingMs, maxKeys } = this.#options;
    const until = clock.now() + lastingMs;
    this.#keys.delete(key);
    this.#keys.set(key, until);
    if (this.#keys.size <= maxKeys) return;
    this.#keys.clear();
    this.#allUntil = until;
  }

  has(key: string): boolean {
    const now = this.#options.clock.now();
    return now < this.#allUntil || now < (this.#keys.get(key) ?? 0);
  }

  /** It was written anew. */
  delete(key: string): void {
    this.#keys.delete(key);
  }
}
