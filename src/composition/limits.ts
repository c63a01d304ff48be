import type { RequestLimits } from '../adapters/http/limit-rate.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';

/** How much one connection, or one user, may ask for. */
export interface Limits extends RequestLimits {
  /** Frames of one connection. */
  readonly frames: RateLimit;
}

/** A rate of the environment's, or the one given; the burst is a second's worth where only the rate is said. */
export const rateOf = (
  perSecond: number | undefined,
  burst: number | undefined,
  otherwise: RateLimit,
): RateLimit => ({
  perSecond: perSecond ?? otherwise.perSecond,
  burst: burst ?? (perSecond === undefined ? otherwise.burst : perSecond),
});
