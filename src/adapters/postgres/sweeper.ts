import { causeOf } from '../../domain/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';

/** What deletes some of what is no longer kept. @returns how much; 0 when there is none left */
export interface Swept {
  sweep(): Promise<number>;
}

export interface SweeperParts {
  readonly stores: readonly Swept[];
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Rounds in one go, so that a large backlog leaves the database time for others. */
const MAX_ROUNDS = 20;

/** Deletes what is no longer kept, where nobody writes any more. */
export class Sweeper {
  readonly #parts: SweeperParts;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  /** Never rejects: what failed is logged, and the next store has its turn. */
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
