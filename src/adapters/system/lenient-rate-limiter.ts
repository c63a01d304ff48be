import type { RateDecision, RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';
import type { OutageLogPorts } from './outage-log.ts';
import { OutageLog } from './outage-log.ts';

/** Lets everything pass while the limiter behind it fails: limits are not worth an outage. */
export class LenientRateLimiter implements RateLimiter {
  readonly #inner: RateLimiter;
  readonly #outage: OutageLog;

  constructor({ inner, ...ports }: LenientRateLimiterPorts) {
    this.#inner = inner;
    this.#outage = new OutageLog('limiter', ports);
  }

  async take(key: string, limit: RateLimit): Promise<RateDecision> {
    try {
      return await this.#inner.take(key, limit);
    } catch (error) {
      this.#outage.failed(error);
      return { allowed: true, remaining: 0 };
    }
  }
}

export interface LenientRateLimiterPorts extends OutageLogPorts {
  readonly inner: RateLimiter;
}
