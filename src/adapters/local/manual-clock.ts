import type { Clock } from '../../ports/clock.ts';

/** 2026-01-01T00:00:00Z in ms since 1970: where a manual clock starts unless told otherwise. */
export const MANUAL_CLOCK_START_MS = 1_767_225_600_000;

/** Turns of the event loop given to whatever a callback has set going, before time moves on. */
const SETTLING_TURNS = 5;

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
}

/** Time that stands still until it is told to pass, so that two hours take a millisecond. */
export class ManualClock implements Clock {
  #now: number;
  /** In the order of falling due; those of the same ms in the order of asking. */
  readonly #timers: Timer[] = [];

  constructor(startMs: number = MANUAL_CLOCK_START_MS) {
    this.#now = startMs;
  }

  /** How many callbacks still wait. */
  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { dueAt: this.#now + Math.max(0, delayMs), callback };
    const later = this.#timers.findLastIndex(({ dueAt }) => dueAt <= timer.dueAt);
    this.#timers.splice(later + 1, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /**
   * Lets time pass. Every callback that falls due runs at its own time, in order, those that are set meanwhile
   * included; what one has set going settles before the next runs. `advance(0)` runs what is due now.
   *
   * @param durationMs at least 0
   */
  async advance(durationMs: number): Promise<void> {
    if (!(durationMs >= 0)) throw new RangeError(`time cannot pass by ${durationMs} ms`);
    const end = this.#now + durationMs;
    await settle();
    for (let timer = this.#takeDue(end); timer !== undefined; timer = this.#takeDue(end)) {
      this.#now = timer.dueAt;
      timer.callback();
      await settle();
    }
    this.#now = end;
  }

  #takeDue(end: number): Timer | undefined {
    const first = this.#timers[0];
    return first !== undefined && first.dueAt <= end ? this.#timers.shift() : undefined;
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < SETTLING_TURNS; turn++) await new Promise(resolve => setImmediate(resolve));
};
