import { causeOf } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';

/** What deletes some of what is no longer kept. @returns how much; 0 when there is none left */
export interface Swept {
  sweep(): Promise<number>;
}

export interface SweeperParts {
  readonly stores: readonly Swept[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const REST_MS = 60_000;
/** Rounds in one go, so that a large backlog leaves the database time for others. */
const MAX_ROUNDS = 20;

/** Deletes, minute by minute, what is no longer kept, where nobody writes any more. */
export class Sweeper {
  readonly #parts: SweeperParts;
  #stop: (() => void) | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stop = this.#parts.clock.after(REST_MS, () => {
      this.#sweeping = this.sweep().then(() => this.start());
    });
  }

  /** When it resolves, nothing is under way and nothing will be. */
  async stop(): Promise<void> {
    this.#stop?.();
    await this.#sweeping;
    this.#stop?.();
  }

  /** Never rejects: what failed is logged, and tried again in a minute. */
  async sweep(): Promise<void> {
    for (const store of this.#parts.stores) {
      try {
        for (let round = 0; round < MAX_ROUNDS && (await store.sweep()) > 0; round++);
      } catch (error) {
        this.#parts.metrics.count('failures_total', { where: 'sweep' });
        this.#parts.logger.error('sweep.failed', { cause: causeOf(error) });
      }
    }
  }
}
