import type { Clock } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';
import type { ClaimResult, IdempotencyClaim, IdempotencyStore } from '../../../ports/idempotency-store.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions, Written } from './dynamo-table.ts';
import { DynamoTable, ttlOf } from './dynamo-table.ts';

/** An item per key. Every write is conditional on what the one before left, so that exactly one of many goes through. */
export class DynamoIdempotencyStore<Answer> implements IdempotencyStore<Answer> {
  readonly #table: DynamoTable;
  readonly #clock: Clock;
  readonly #ids: IdGenerator;

  constructor(options: DynamoTableOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
    this.#ids = options.ids;
  }

  async claim(claim: IdempotencyClaim): Promise<ClaimResult<Answer>> {
    const owner = this.#ids.next();
    for (let attempt = 0; ; attempt++) {
      const put = await this.#claimFirst(claim, owner);
      if (put.done) return { status: 'claimed', seed: claim.seed };
      const met = put.refusals[0]?.found as ClaimItem | undefined;
      if (met !== undefined && !this.#isFree(met, claim)) return this.#answer(met, claim, owner);
      if (met !== undefined && (await this.#takeOver(claim, met, owner)).done)
        return { status: 'claimed', seed: met.seed };
      // Someone was faster, or the key's time ran out in between.
      await this.#table.pause(attempt);
    }
  }

  async complete(key: string, answer: Answer): Promise<void> {
    await this.#changeOpen(key, 'SET answer = :value', JSON.stringify({ answer }));
  }

  async release(key: string): Promise<void> {
    await this.#changeOpen(key, 'SET leaseEndsAt = :value', this.#clock.now());
  }

  #claimFirst(claim: IdempotencyClaim, owner: string): Promise<Written> {
    const now = this.#clock.now();
    const { key, fingerprint, seed, leaseMs, ttlMs } = claim;
    const expiresAt = now + ttlMs;
    const item: ClaimItem = { fingerprint, seed, owner, leaseEndsAt: now + leaseMs, expiresAt };
    return this.#table.put({
      Item: { ...this.#key(key), ...item, ttl: ttlOf(expiresAt) },
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
      ExpressionAttributeValues: { ':now': now },
    });
  }

  #takeOver({ key, leaseMs }: IdempotencyClaim, from: ClaimItem, owner: string): Promise<Written> {
    return this.#table.update({
      Key: this.#key(key),
      UpdateExpression: 'SET #owner = :owner, leaseEndsAt = :leaseEndsAt',
      ConditionExpression: '#owner = :from AND attribute_not_exists(answer)',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':owner': owner,
        ':leaseEndsAt': this.#clock.now() + leaseMs,
        ':from': from.owner,
      },
    });
  }

  #isFree(met: ClaimItem, { fingerprint }: IdempotencyClaim): boolean {
    const open = met.answer === undefined && met.fingerprint === fingerprint;
    return open && met.leaseEndsAt <= this.#clock.now();
  }

  #answer(met: ClaimItem, { fingerprint }: IdempotencyClaim, owner: string): ClaimResult<Answer> {
    if (met.fingerprint !== fingerprint) return { status: 'conflict' };
    if (met.answer !== undefined) return { status: 'completed', ...(JSON.parse(met.answer) as Done<Answer>) };
    // The SDK sent our own claim twice, since the answer to the first had been lost.
    if (met.owner === owner) return { status: 'claimed', seed: met.seed };
    return { status: 'in-progress', retryAfterMs: met.leaseEndsAt - this.#clock.now() };
  }

  /** A key that is completed, unknown or over stays as it is. */
  async #changeOpen(key: string, UpdateExpression: string, value: string | number): Promise<void> {
    await this.#table.update({
      Key: this.#key(key),
      UpdateExpression,
      ConditionExpression: 'attribute_not_exists(answer) AND expiresAt > :now',
      ExpressionAttributeValues: { ':value': value, ':now': this.#clock.now() },
    });
  }

  #key(key: string): Item {
    return { pk: this.#table.pk(key) };
  }
}

interface Done<Answer> {
  readonly answer: Answer;
}

interface ClaimItem extends Item {
  readonly fingerprint: string;
  readonly seed: string;
  /** Another for every claim, so that a take-over is from exactly the one that was seen. */
  readonly owner: string;
  /** ms since 1970 */
  readonly leaseEndsAt: number;
  /** ms since 1970 */
  readonly expiresAt: number;
  /** A `Done` as JSON, since numbers of DynamoDB are not JavaScript's. */
  readonly answer?: string;
}
