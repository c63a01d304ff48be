/** The only source of time. Times are ms since 1970, durations ms. */
export interface Clock {
  now(): number;

  /**
   * Calls back once, no sooner than `delayMs` from now. A waiting callback does not keep a process alive.
   *
   * @returns cancels it; cancelling one that has run, or twice, does nothing
   */
  after(delayMs: number, callback: () => void): () => void;
}

export const sleep = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise(resolve => {
    clock.after(delayMs, resolve);
  });
