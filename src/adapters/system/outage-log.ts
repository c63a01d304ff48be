import { causeOf } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';

export interface OutageLogPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A line says all that the next thousand would. */
const REST_MS = 10_000;

/** What fails in the same way with every request is counted each time, and logged every ten seconds. */
export class OutageLog {
  readonly #ports: OutageLogPorts;
  readonly #where: string;
  /** ms since 1970 */
  #silentUntil = 0;
  #untold = 0;

  /** @param where what fails, as it is counted and logged */
  constructor(where: string, ports: OutageLogPorts) {
    this.#where = where;
    this.#ports = ports;
  }

  failed(error: unknown): void {
    const { clock, logger, metrics } = this.#ports;
    metrics.count('failures_total', { where: this.#where });
    const now = clock.now();
    if (now < this.#silentUntil) {
      this.#untold += 1;
      return;
    }
    logger.error(`${this.#where}.failed`, { cause: causeOf(error), untold: this.#untold });
    this.#silentUntil = now + REST_MS;
    this.#untold = 0;
  }
}
