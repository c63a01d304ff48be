import type { Clock } from '../../../ports/clock.ts';
import type { RateDecision, RateLimit, RateLimiter } from '../../../ports/rate-limiter.ts';
import type { BucketScale } from '../../storage/bucket-scale.ts';
import { bucketScale } from '../../storage/bucket-scale.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions, Written } from './dynamo-table.ts';
import { DynamoTable, ttlOf } from './dynamo-table.ts';

/** A bucket is one number; see `BucketScale`. */
export class DynamoRateLimiter implements RateLimiter {
  readonly #table: DynamoTable;
  readonly #clock: Clock;

  constructor(options: DynamoTableOptions) {
    this.#table = new DynamoTable(options);
    this.#clock = options.clock;
  }

  async take(key: string, limit: RateLimit): Promise<RateDecision> {
    const bucket = this.#bucket(key, limit);
    const { now, token, capacity } = bucket;
    for (;;) {
      const full = await this.#takeFromFull(bucket);
      if (full.done) return { allowed: true, remaining: limit.burst - 1 };
      const met = fullAtOf(full);
      const missing = met + token - now - capacity;
      if (missing > 0) return { allowed: false, retryAfterMs: Math.ceil(missing / bucket.perMs) };
      const taken = await this.#takeFromOther(bucket);
      if (taken.done) {
        const before = Number(taken.before?.fullAt);
        return { allowed: true, remaining: Math.floor((now + capacity - before - token) / token) };
      }
    }
  }

  /** The usual case: whoever keeps to the rate finds the bucket full. */
  #takeFromFull({ pk, now, token, ttl }: Bucket): Promise<Written> {
    return this.#table.update({
      Key: { pk },
      UpdateExpression: 'SET fullAt = :fullAt, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(pk) OR fullAt <= :now',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':fullAt': now + token, ':now': now, ':ttl': ttl },
    });
  }

  #takeFromOther({ pk, now, token, capacity, ttl }: Bucket): Promise<Written> {
    return this.#table.update({
      Key: { pk },
      UpdateExpression: 'SET fullAt = fullAt + :token, #ttl = :ttl',
      ConditionExpression: 'fullAt > :now AND fullAt <= :latest',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':token': token,
        ':now': now,
        ':latest': now + capacity - token,
        ':ttl': ttl,
      },
    });
  }

  /** The rate is part of the key: by another, the number in the item would mean another time. */
  #bucket(key: string, limit: RateLimit): Bucket {
    const nowMs = this.#clock.now();
    const scale = bucketScale(limit, nowMs);
    return { ...scale, pk: this.#table.pk(`${key}#${limit.perSecond}`), ttl: ttlOf(nowMs + scale.fillMs) };
  }
}

interface Bucket extends BucketScale {
  readonly pk: string;
  readonly ttl: number;
}

const fullAtOf = (refused: Written & { readonly done: false }): number =>
  Number((refused.refusals[0]?.found as Item | undefined)?.fullAt);
