/** A token bucket: `burst` at once, refilled evenly at `perSecond`. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export type RateDecision =
  /** So many whole tokens are left in the bucket. */
  | { readonly allowed: true; readonly remaining: number }
  /** Asking again any sooner than this is in vain. */
  | { readonly allowed: false; readonly retryAfterMs: number };

export interface RateLimiter {
  /** Takes one from the key's bucket, or nothing at all. The limit goes with the call; a key keeps to one limit. */
  take(key: string, limit: RateLimit): Promise<RateDecision>;
}
