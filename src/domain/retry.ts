/** How often, and how long apart, something is tried again. */
export interface RetryPolicy {
  /** The most that the first wait can be. */
  readonly baseDelayMs: number;
  /** The most that any wait can be. */
  readonly maxDelayMs: number;
}

/**
 * Full jitter: a wait drawn evenly from 0 to the exponential bound, so that those who failed together do not come
 * back together. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 *
 * @param attempt 0 for the first retry
 * @param random from 0 up to but not including 1
 * @returns whole ms, from 0 to `min(maxDelayMs, baseDelayMs * 2 ** attempt)`
 */
export const fullJitterMs = (policy: RetryPolicy, attempt: number, random: number): number =>
  Math.floor(random * (Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** attempt) + 1));
