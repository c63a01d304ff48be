import { FanfareError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ClaimResult, IdempotencyClaim, IdempotencyStore } from '../../ports/idempotency-store.ts';

export const DEFAULT_IDEMPOTENCY_KEYS = 100_000;

export interface MemoryIdempotencyStoreOptions {
  readonly clock: Clock;
  /** Beyond so many live keys, a new one is refused: forgetting a live one would do its work twice. At least 1. */
  readonly maxKeys?: number;
}

interface Entry<Answer> {
  readonly fingerprint: string;
  readonly seed: string;
  /** ms since 1970 */
  readonly expiresAt: number;
  /** ms since 1970 */
  leaseEndsAt: number;
  done?: { readonly answer: Answer };
}

export class MemoryIdempotencyStore<Answer> implements IdempotencyStore<Answer> {
  readonly #clock: Clock;
  readonly #maxKeys: number;
  readonly #entries = new Map<string, Entry<Answer>>();
  /** No entry expires before this, so that a store full of live keys is not searched in vain at every claim. */
  #nothingExpiresBefore = 0;

  constructor({ clock, maxKeys = DEFAULT_IDEMPOTENCY_KEYS }: MemoryIdempotencyStoreOptions) {
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  /** @throws FanfareError `unavailable` when every key it has room for is live */
  async claim(claim: IdempotencyClaim): Promise<ClaimResult<Answer>> {
    const now = this.#clock.now();
    const entry = this.#live(claim.key);
    if (entry === undefined) return this.#claimFirst(claim);
    if (entry.fingerprint !== claim.fingerprint) return { status: 'conflict' };
    if (entry.done !== undefined) return { status: 'completed', answer: entry.done.answer };
    if (entry.leaseEndsAt > now) return { status: 'in-progress', retryAfterMs: entry.leaseEndsAt - now };
    entry.leaseEndsAt = now + claim.leaseMs;
    return { status: 'claimed', seed: entry.seed };
  }

  async complete(key: string, answer: Answer): Promise<void> {
    const entry = this.#live(key);
    if (entry !== undefined) entry.done ??= { answer };
  }

  async release(key: string): Promise<void> {
    const entry = this.#live(key);
    if (entry !== undefined) entry.leaseEndsAt = this.#clock.now();
  }

  #claimFirst({ key, fingerprint, seed, leaseMs, ttlMs }: IdempotencyClaim): ClaimResult<Answer> {
    const now = this.#clock.now();
    if (this.#entries.size >= this.#maxKeys) this.#dropExpired();
    if (this.#entries.size >= this.#maxKeys) throw this.#full();
    const expiresAt = now + ttlMs;
    this.#entries.set(key, { fingerprint, seed, expiresAt, leaseEndsAt: now + leaseMs });
    this.#nothingExpiresBefore = Math.min(this.#nothingExpiresBefore, expiresAt);
    return { status: 'claimed', seed };
  }

  #live(key: string): Entry<Answer> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt > this.#clock.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  #dropExpired(): void {
    const now = this.#clock.now();
    if (now < this.#nothingExpiresBefore) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [key, { expiresAt }] of this.#entries) {
      if (expiresAt <= now) this.#entries.delete(key);
      else earliest = Math.min(earliest, expiresAt);
    }
    this.#nothingExpiresBefore = earliest;
  }

  #full(): FanfareError {
    return new FanfareError('unavailable', `${this.#maxKeys} idempotency keys are in use`, {
      retryAfterMs: Math.max(1, this.#nothingExpiresBefore - this.#clock.now()),
    });
  }
}
