import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import type { ClaimResult, IdempotencyClaim, IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { Database } from './database.ts';
import { recordset } from './recordset.ts';
import { fittingPayloads, statementBatcher, writeBatcher } from './statement-batcher.ts';

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

type Completion = {
  readonly key: string;
  /** As it is stored. */
  readonly answer: string;
};

export class PostgresIdempotencyStore<Answer> implements IdempotencyStore<Answer> {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #table: RawBuilder<unknown>;
  readonly #claims = statementBatcher({
    nameOf: ({ key }: IdempotencyClaim) => key,
    work: claims => this.#claimFirst(claims),
  });
  readonly #completions = writeBatcher({
    nameOf: ({ key }: Completion) => key,
    fitting: fittingPayloads(({ answer }) => answer.length),
    work: completions => this.#complete(completions),
  });

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
    this.#table = sql.id(database.schema, 'idempotency_key');
  }

  async claim(claim: IdempotencyClaim): Promise<ClaimResult<Answer>> {
    if (await this.#claims.ask(claim)) return { status: 'claimed', seed: claim.seed };
    return (await this.#claimAgain(claim)) ?? this.claim(claim);
  }

  /** Of keys that nobody knows, or nobody any more. In one order, so that two servers wait for each other. */
  async #claimFirst(claims: readonly IdempotencyClaim[]): Promise<readonly boolean[]> {
    const now = this.#clock.now();
    const rows = claims.map(({ key, fingerprint, seed, leaseMs, ttlMs }) => ({
      key,
      fingerprint,
      seed,
      lease_ends_at: now + leaseMs,
      expires_at: now + ttlMs,
    }));
    const claimed = await this.#database.run(db =>
      sql<{ key: string }>`
        insert into ${this.#table} as known (key, fingerprint, seed, lease_ends_at, expires_at)
        select key, fingerprint, seed, lease_ends_at, expires_at
        from ${recordset('claim', rows)}
        order by key
        on conflict (key) do update
        set fingerprint = excluded.fingerprint, seed = excluded.seed, lease_ends_at = excluded.lease_ends_at,
          expires_at = excluded.expires_at, answer = null
        where known.expires_at <= ${now}::bigint
        returning key
      `.execute(db),
    );
    const keys = new Set(claimed.rows.map(({ key }) => key));
    return claims.map(({ key }) => keys.has(key));
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

  complete(key: string, answer: Answer): Promise<void> {
    return this.#completions.ask({ key, answer: JSON.stringify({ of: answer }) });
  }

  async #complete(completions: readonly Completion[]): Promise<void> {
    const completed = recordset('completed', completions);
    await this.#database.run(db =>
      sql`
        update ${this.#table} as known set answer = completed.answer::json
        from ${completed}
        where known.key = completed.key and known.answer is null
          and known.expires_at > ${this.#clock.now()}::bigint
      `.execute(db),
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
