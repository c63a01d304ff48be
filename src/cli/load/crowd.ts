import { setTimeout as sleep } from 'node:timers/promises';
import { fullJitterMs } from '../../domain/retry.ts';
import type { Target } from '../target.ts';
import { Tally } from './tally.ts';
import { Busy, Watcher } from './watcher.ts';

/** Handshakes at once; a server that is slower than the ramp slows it. */
const MOST_OPENING = 256;
const TRIES = 6;
const BACK_OFF = { baseDelayMs: 500, maxDelayMs: 8_000 };
const CLOSE_WITHIN_MS = 2_000;

export interface CrowdOptions {
  readonly target: Target;
  readonly channel: string;
  /** What the run's messages have in common. */
  readonly run: string;
  readonly count: number;
  /** New connections a second. */
  readonly ramp: number;
  /** Opens no more. */
  readonly signal: AbortSignal;
}

/** Everybody who watches the channel. */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly watchers: Watcher[] = [];
  /** Why connections could not be opened. */
  readonly failed = new Tally();
  /** Why connections ended before the run did. */
  readonly cut = new Tally();
  /** Handshakes that had to be tried again. */
  retried = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  /**
   * Opens them by the clock; those that fail are counted.
   *
   * @throws CliError when not even the first can be opened
   */
  async gather(): Promise<void> {
    const { count, ramp, signal } = this.#options;
    this.watchers.push(await this.#open());
    const start = performance.now();
    const opening = new Set<Promise<void>>();
    for (let index = 1; index < count && !signal.aborted; index++) {
      const wait = start + (index * 1e3) / ramp - performance.now();
      if (wait > 0) await sleep(wait);
      if (opening.size >= MOST_OPENING) await Promise.race(opening);
      const one: Promise<void> = this.#open()
        .then(
          watcher => void this.watchers.push(watcher),
          (error: Error) => this.failed.add(error.message),
        )
        .finally(() => opening.delete(one));
      opening.add(one);
    }
    await Promise.all(opening);
  }

  /** From now on, everybody's arrivals by their number in the crowd. */
  watch(arrived: (watcher: number, message: number, offset: number) => void): void {
    for (const [index, watcher] of this.watchers.entries()) {
      if (watcher.closed) this.cut.add('closed before the first message');
      watcher.watch({
        arrived: (message, offset) => arrived(index, message, offset),
        cut: why => this.cut.add(why),
      });
    }
  }

  /** Says goodbye, and waits for the answers, though not for long. */
  async leave(): Promise<void> {
    for (const watcher of this.watchers) watcher.close();
    const deadline = performance.now() + CLOSE_WITHIN_MS;
    while (performance.now() < deadline && this.watchers.some(({ closed }) => !closed)) await sleep(10);
    for (const watcher of this.watchers) watcher.kill();
  }

  async #open(): Promise<Watcher> {
    const { target, channel, run, signal } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await Watcher.open(target, channel, run);
      } catch (error) {
        if (!(error instanceof Busy) || attempt === TRIES - 1 || signal.aborted) throw error;
        this.retried += 1;
        await sleep(fullJitterMs(BACK_OFF, attempt, Math.random()));
      }
    }
  }
}
