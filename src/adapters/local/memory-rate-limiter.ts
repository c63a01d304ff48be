import type { Clock } from '../../ports/clock.ts';
import type { RateDecision, RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';

export const DEFAULT_LIMITED_KEYS = 100_000;

export interface MemoryRateLimiterOptions {
  readonly clock: Clock;
  /** Beyond so many, the key that asked longest ago is forgotten, which fills its bucket; at least 1. */
  readonly maxKeys?: number;
}

/** Whole numbers wherever the rate is one, so that no rounding ever lets a call through early or late. */
const THOUSANDTHS_PER_TOKEN = 1_000;

interface Bucket {
  thousandths: number;
  /** ms since 1970 */
  filledAt: number;
}

export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #maxKeys: number;
  /** The one that asked longest ago first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ clock, maxKeys = DEFAULT_LIMITED_KEYS }: MemoryRateLimiterOptions) {
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  async take(key: string, limit: RateLimit): Promise<RateDecision> {
    const bucket = this.#filled(key, limit);
    const missing = THOUSANDTHS_PER_TOKEN - bucket.thousandths;
    // A thousandth of a token per ms is one token per second.
    if (missing > 0) return { allowed: false, retryAfterMs: Math.ceil(missing / limit.perSecond) };
    bucket.thousandths -= THOUSANDTHS_PER_TOKEN;
    return { allowed: true, remaining: Math.floor(bucket.thousandths / THOUSANDTHS_PER_TOKEN) };
  }

  /** The key's bucket, as full as it is by now. */
  #filled(key: string, { perSecond, burst }: RateLimit): Bucket {
    const now = this.#clock.now();
    const capacity = burst * THOUSANDTHS_PER_TOKEN;
    const bucket = this.#buckets.get(key) ?? { thousandths: capacity, filledAt: now };
    bucket.thousandths = Math.min(capacity, bucket.thousandths + (now - bucket.filledAt) * perSecond);
    bucket.filledAt = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#maxKeys) this.#forgetOldest();
    return bucket;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      return;
    }
  }
}
