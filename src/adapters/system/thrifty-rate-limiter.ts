import type { RateDecision, RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';

/** Of a limit, what each instance lets pass without asking. */
const FREE_SHARE = 0.1;

/**
 * Asks the limiter that all instances share only about those who come close to the limit: for the rest, which is nearly
 * everybody, each instance keeps a tenth of the limit of its own. So a key gets its limit and, of every instance that it
 * reaches at the time, a tenth more. What is left is told of whichever bucket it came from.
 */
export class ThriftyRateLimiter implements RateLimiter {
  readonly #own: RateLimiter;
  readonly #shared: RateLimiter;

  constructor({ own, shared }: { readonly own: RateLimiter; readonly shared: RateLimiter }) {
    this.#own = own;
    this.#shared = shared;
  }

  async take(key: string, limit: RateLimit): Promise<RateDecision> {
    const burst = Math.floor(limit.burst * FREE_SHARE);
    if (burst === 0) return this.#shared.take(key, limit);
    const decision = await this.#own.take(key, { perSecond: limit.perSecond * FREE_SHARE, burst });
    return decision.allowed ? decision : this.#shared.take(key, limit);
  }
}
