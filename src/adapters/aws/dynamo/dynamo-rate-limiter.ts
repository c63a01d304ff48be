import type { Clock } from '../../../ports/clock.ts';
import type { RateDecision, RateLimit, RateLimiter } from '../../../ports/rate-limiter.ts';
import type { Item } from './dynamo-errors.ts';
import type { DynamoTableOptions, Written } from './dynamo-table.ts';
import { DynamoTable, ttlOf } from './dynamo-table.ts';

/** Time is counted from here, 2026, so that the numbers below stay whole and safe. */
const EPOCH_MS = 1_767_225_600_000;
/** From here on a token is counted as one unit, and below as a thousand, for the same reason. */
const FAST_PER_SECOND = 10_000;

/**
 * A bucket is one number, as the generic cell rate algorithm keeps it: when it will be full. It is counted in parts of a
 * token, of which a whole number comes every ms where the rate is whole, so that no rounding lets a call through.
 */
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
  #bucket(key: string, { perSecond, burst }: RateLimit): Bucket {
    const token = perSecond > FAST_PER_SECOND ? 1 : 1_000;
    const perMs = (perSecond * token) / 1_000;
    const nowMs = this.#clock.now();
    return {
      pk: this.#table.pk(`${key}#${perSecond}`),
      now: (nowMs - EPOCH_MS) * perMs,
      token,
      capacity: burst * token,
      perMs,
      ttl: ttlOf(nowMs + (burst * 1_000) / perSecond),
    };
  }
}

/** In parts of a token, but for `ttl`. */
interface Bucket {
  readonly pk: string;
  readonly now: number;
  readonly token: number;
  readonly capacity: number;
  readonly perMs: number;
  readonly ttl: number;
}

const fullAtOf = (refused: Written & { readonly done: false }): number =>
  Number((refused.refusals[0]?.found as Item | undefined)?.fullAt);
