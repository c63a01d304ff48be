import type { Runtime } from '../../src/client/index.ts';

/** By the clock, in ms since 1970, before anybody sets it. */
export const START_MS = Date.UTC(2026, 0, 1);

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  readonly ofClient: boolean;
}

/** Hours in no time, and the same chances for the same seed: what the client runs on in place of the system's. */
export class VirtualTime {
  readonly #timers = new Set<Timer>();
  readonly #wakers = new Set<() => void>();
  #elapsed = 0;
  #clock = START_MS;
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** What a client takes of it. */
  get runtime(): Runtime {
    return {
      now: () => this.now(),
      elapsed: () => this.elapsed(),
      after: (ms, callback) => this.after(ms, callback, true),
      random: () => this.random(),
      onWake: callback => this.onWake(callback),
    };
  }

  /** What clients wait for: in a process, these would keep it alive. */
  get awaitedByClients(): number {
    return [...this.#timers].filter(({ ofClient }) => ofClient).length;
  }

  now(): number {
    return this.#clock + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Somebody sets the clock. */
  setClock(aheadMs: number): void {
    this.#clock += aheadMs;
  }

  after(ms: number, callback: () => void, ofClient = false): () => void {
    const timer = { at: this.#elapsed + Math.max(0, ms), callback, ofClient };
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
    const end = this.#elapsed + ms;
    for (;;) {
      await new Promise(resolve => setImmediate(resolve));
      const due = this.#first();
      if (due === undefined || due.at > end) break;
      this.#timers.delete(due);
      this.#elapsed = due.at;
      due.callback();
    }
    this.#elapsed = end;
  }

  #first(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  }
}
