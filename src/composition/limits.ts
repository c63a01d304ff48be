import type { RequestLimits } from '../adapters/http/limit-rate.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';

/** How much one connection, or one user, may ask for. */
export interface Limits extends RequestLimits {
  /** Frames of one connection. */
  readonly frames: RateLimit;
}

/** What the environment says of rates, by the names of its variables. */
export interface LimitVariables {
  readonly FRAMES_PER_SECOND?: number | undefined;
  readonly FRAMES_BURST?: number | undefined;
  readonly REQUESTS_PER_SECOND?: number | undefined;
  readonly REQUESTS_BURST?: number | undefined;
  readonly ADMIN_REQUESTS_PER_SECOND?: number | undefined;
  readonly ADMIN_REQUESTS_BURST?: number | undefined;
}

export const limitsOf = (v: LimitVariables): Limits => ({
  frames: rateOf(v.FRAMES_PER_SECOND, v.FRAMES_BURST, { perSecond: 20, burst: 40 }),
  requests: rateOf(v.REQUESTS_PER_SECOND, v.REQUESTS_BURST, { perSecond: 50, burst: 100 }),
  ...(v.ADMIN_REQUESTS_PER_SECOND === undefined
    ? {}
    : {
        adminRequests: {
          perSecond: v.ADMIN_REQUESTS_PER_SECOND,
          burst: v.ADMIN_REQUESTS_BURST ?? v.ADMIN_REQUESTS_PER_SECOND,
        },
      }),
});

/** A rate of the environment's, or the one given; the burst is a second's worth where only the rate is said. */
const rateOf = (
  perSecond: number | undefined,
  burst: number | undefined,
  otherwise: RateLimit,
): RateLimit => ({
  perSecond: perSecond ?? otherwise.perSecond,
  burst: burst ?? (perSecond === undefined ? otherwise.burst : perSecond),
});
