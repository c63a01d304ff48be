import type { Clock } from '../../../ports/clock.ts';

const TICK_MS = 1_000;

export interface HasDeadline {
  /** ms since 1970; it may move later at any time without a word to anyone. */
  deadline(): number;
  /** Called once, within a second after the deadline. */
  expire(): void;
}

/**
 * Deadlines of many connections on one timer. Each waits in the bucket of its second; one whose deadline moved on by
 * then moves to a later bucket, so that activity itself costs nothing.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #buckets = new Map<number, Set<HasDeadline>>();
  readonly #seconds = new Map<HasDeadline, number>();
  #cancelTick: (() => void) | undefined;
  #lastTick: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastTick = Math.floor(clock.now() / TICK_MS);
  }

  add(item: HasDeadline): void {
    const deadline = item.deadline();
    if (deadline === Number.POSITIVE_INFINITY) return;
    const second = Math.max(Math.ceil(deadline / TICK_MS), this.#lastTick + 1);
    this.#seconds.set(item, second);
    const bucket = this.#buckets.get(second);
    if (bucket === undefined) this.#buckets.set(second, new Set([item]));
    else bucket.add(item);
    this.#arm();
  }

  delete(item: HasDeadline): void {
    const second = this.#seconds.get(item);
    if (second === undefined) return;
    this.#seconds.delete(item);
    const bucket = this.#buckets.get(second);
    bucket?.delete(item);
    if (bucket?.size === 0) this.#buckets.delete(second);
  }

  stop(): void {
    this.#cancelTick?.();
    this.#buckets.clear();
    this.#seconds.clear();
  }

  #arm(): void {
    if (this.#cancelTick !== undefined || this.#buckets.size === 0) return;
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      this.#cancelTick = undefined;
      this.#tick(Math.floor(this.#clock.now() / TICK_MS));
      this.#arm();
    });
  }

  #tick(now: number): void {
    const due: HasDeadline[] = [];
    for (const [second, bucket] of this.#buckets) {
      if (second > now) continue;
      due.push(...bucket);
      this.#buckets.delete(second);
    }
    this.#lastTick = now;
    for (const item of due) {
      this.#seconds.delete(item);
      if (item.deadline() <= this.#clock.now()) item.expire();
      else this.add(item);
    }
  }
}
