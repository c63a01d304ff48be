import { causeOf } from '../../domain/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RateDecision, RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';

/** Lets everything pass while the limiter behind it fails: limits are not worth an outage. */
export class LenientRateLimiter implements RateLimiter {
  readonly #ports: LenientRateLimiterPorts;

  constructor(ports: LenientRateLimiterPorts) {
    this.#ports = ports;
  }

  async take(key: string, limit: RateLimit): Promise<RateDecision> {
    const { inner, logger, metrics } = this.#ports;
    try {
      return await inner.take(key, limit);
    } catch (error) {
      logger.error('limiter.failed', { cause: causeOf(error) });
      metrics.count('failures_total', { where: 'limiter' });
      return { allowed: true, remaining: 0 };
    }
  }
}

export interface LenientRateLimiterPorts {
  readonly inner: RateLimiter;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
