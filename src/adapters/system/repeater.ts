import { causeOf } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';

export interface RepeaterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What is repeated, as a failure is logged and counted. */
  readonly name: string;
  /** Between the end of one time and the beginning of the next, in ms. */
  readonly restMs: number;
  /** Where there is `more` to be done, there is no rest. */
  readonly work: () => Promise<unknown>;
}

/** Does something again and again, never twice at once. What failed is logged, and done again after the rest. */
export class Repeater {
  readonly #options: RepeaterOptions;
  #cancel: (() => void) | undefined;
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: RepeaterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#plan(this.#options.restMs);
  }

  /** When it resolves, nothing is under way and nothing will be. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#working;
  }

  #plan(restMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#options.clock.after(restMs, () => {
      this.#working = this.#once().then(outcome => this.#plan(outcome === 'more' ? 0 : this.#options.restMs));
    });
  }

  async #once(): Promise<unknown> {
    const { name, work, logger, metrics } = this.#options;
    try {
      return await work();
    } catch (error) {
      metrics.count('failures_total', { where: name });
      logger.error(`${name}.failed`, { cause: causeOf(error) });
      return undefined;
    }
  }
}
