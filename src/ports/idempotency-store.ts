export interface IdempotencyClaim {
  /** Unique per caller and intent; the caller's name is part of it. */
  readonly key: string;
  /** A digest of the request; the same request has the same. */
  readonly fingerprint: string;
  /** Kept with the first claim and given to every later owner, so that they redo the very same work. */
  readonly seed: string;
  /** How long the owner has before another may take the claim over. */
  readonly leaseMs: number;
  /** How long the key is remembered, from the first claim. */
  readonly ttlMs: number;
}

export type ClaimResult<Answer> =
  /** Yours to do, with this seed; it is another's first seed when their lease ran out. */
  | { readonly status: 'claimed'; readonly seed: string }
  /** Done before; this was the answer. */
  | { readonly status: 'completed'; readonly answer: Answer }
  /** Someone is at it; their lease ends so much later. */
  | { readonly status: 'in-progress'; readonly retryAfterMs: number }
  /** The key was used with another fingerprint. */
  | { readonly status: 'conflict' };

/** What was asked under a key, and what was answered. Of many claims at once, exactly one is `claimed`. */
export interface IdempotencyStore<Answer> {
  claim(claim: IdempotencyClaim): Promise<ClaimResult<Answer>>;

  /** Keeps the answer until the key's time is over. Completing twice keeps the first. */
  complete(key: string, answer: Answer): Promise<void>;

  /** Gives an unfinished claim up, so that the next caller need not wait for the lease. Never undoes a completion. */
  release(key: string): Promise<void>;
}
