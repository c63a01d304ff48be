import type { Clock } from '../../ports/clock.ts';
import type { ClaimResult, IdempotencyClaim, IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { Database } from './database.ts';

/** Keys deleted in one go. */
const SWEPT_AT_ONCE = 10_000;

/**
 * Gives every unfinished claim up, where none of their owners can be alive: of a folder that a process has just taken for
 * itself. Their callers then need not wait for the leases of a process that was killed.
 */
export const abandonClaims = async (database: Database): Promise<void> => {
  await database.run(db =>
    db.updateTable('idempotency_key').set({ lease_ends_at: 0 }).where('answer', 'is', null).execute(),
  );
};

export class PostgresIdempotencyStore<Answer> implements IdempotencyStore<Answer> {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
  }

  async claim(claim: IdempotencyClaim): Promise<ClaimResult<Answer>> {
    return (await this.#claimFirst(claim)) ?? (await this.#claimAgain(claim)) ?? this.claim(claim);
  }

  /** Of a key that nobody knows, or nobody any more. */
  #claimFirst({ key, fingerprint, seed, leaseMs, ttlMs }: IdempotencyClaim) {
    return this.#database.run(async db => {
      const now = this.#clock.now();
      const fresh = {
        fingerprint,
        seed,
        lease_ends_at: now + leaseMs,
        expires_at: now + ttlMs,
        answer: null,
      };
      const first = await db
        .insertInto('idempotency_key')
        .values({ key, ...fresh })
        .onConflict(conflict =>
          conflict.column('key').doUpdateSet(fresh).where('idempotency_key.expires_at', '<=', now),
        )
        .returning('key')
        .executeTakeFirst();
      return first && ({ status: 'claimed', seed } as const);
    });
  }

  /** @returns nothing for a key that has been swept meanwhile */
  #claimAgain({ key, fingerprint, leaseMs }: IdempotencyClaim): Promise<ClaimResult<Answer> | undefined> {
    return this.#database.transact(async db => {
      const now = this.#clock.now();
      const found = await db
        .selectFrom('idempotency_key')
        .selectAll()
        .where('key', '=', key)
        .forUpdate()
        .executeTakeFirst();
      if (found === undefined) return undefined;
      if (found.fingerprint !== fingerprint) return { status: 'conflict' };
      if (found.answer !== null) return { status: 'completed', answer: found.answer.of as Answer };
      if (found.lease_ends_at > now)
        return { status: 'in-progress', retryAfterMs: found.lease_ends_at - now };
      await db
        .updateTable('idempotency_key')
        .set({ lease_ends_at: now + leaseMs })
        .where('key', '=', key)
        .execute();
      return { status: 'claimed', seed: found.seed };
    });
  }

  async complete(key: string, answer: Answer): Promise<void> {
    await this.#database.run(db =>
      db
        .updateTable('idempotency_key')
        .set({ answer: JSON.stringify({ of: answer }) })
        .where('key', '=', key)
        .where('answer', 'is', null)
        .where('expires_at', '>', this.#clock.now())
        .execute(),
    );
  }

  async release(key: string): Promise<void> {
    await this.#database.run(db =>
      db
        .updateTable('idempotency_key')
        .set({ lease_ends_at: this.#clock.now() })
        .where('key', '=', key)
        .execute(),
    );
  }

  /** Deletes keys whose time is over. @returns how many */
  async sweep(): Promise<number> {
    const { numDeletedRows } = await this.#database.run(db =>
      db
        .deleteFrom('idempotency_key')
        .where('key', 'in', eb =>
          eb
            .selectFrom('idempotency_key')
            .select('key')
            .where('expires_at', '<=', this.#clock.now())
            .limit(SWEPT_AT_ONCE),
        )
        .executeTakeFirst(),
    );
    return Number(numDeletedRows);
  }
}
