import type { RateLimit } from '../../ports/rate-limiter.ts';

/** Time is counted from here, 2026, so that the numbers below stay whole and safe. */
const EPOCH_MS = 1_767_225_600_000;
/** From here on a token is counted as one unit, and below as a thousand, for the same reason. */
const FAST_PER_SECOND = 10_000;

/**
 * A bucket that is kept as one number, as the generic cell rate algorithm has it: when it will be full. It is counted in
 * parts of a token, of which a whole number comes every ms where the rate is whole, so that no rounding lets a call
 * through.
 */
export interface BucketScale {
  /** Now, in parts. */
  readonly now: number;
  /** A token's worth of parts. */
  readonly token: number;
  /** The burst's. */
  readonly capacity: number;
  /** How many come in a ms. */
  readonly perMs: number;
  /** How long an empty bucket takes to fill, in ms. */
  readonly fillMs: number;
}

export const bucketScale = ({ perSecond, burst }: RateLimit, nowMs: number): BucketScale => {
  const token = perSecond > FAST_PER_SECOND ? 1 : 1_000;
  const perMs = (perSecond * token) / 1_000;
  return {
    now: (nowMs - EPOCH_MS) * perMs,
    token,
    capacity: burst * token,
    perMs,
    fillMs: (burst * 1_000) / perSecond,
  };
};
