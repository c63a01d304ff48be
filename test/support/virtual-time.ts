import type { Runtime } from '../../src/client/index.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Hours in no time, and the same chances for the same seed: what the client runs on in place of the system's. */
export class VirtualTime implements Runtime {
  readonly #timers = new Set<Timer>();
  readonly #wakers = new Set<() => void>();
  #now = Date.UTC(2026, 0, 1);
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** mulberry32 */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), this.#seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  onWake(callback: () => void): () => void {
    this.#wakers.add(callback);
    return () => this.#wakers.delete(callback);
  }

  wake(): void {
    for (const waker of this.#wakers) waker();
  }

  /** Lets what is due happen in its order, each with all that follows from it at once. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await new Promise(resolve => setImmediate(resolve));
      const due = this.#first();
      if (due === undefined || due.at > end) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  }
}
