import { createHash } from 'node:crypto';
import type { Valkey } from 'iovalkey';
import type { Clock } from '../../ports/clock.ts';
import type { RateDecision, RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';
import { bucketScale } from '../storage/bucket-scale.ts';
import { unavailable } from './valkey-errors.ts';

export interface ValkeyRateLimiterOptions {
  readonly client: Valkey;
  readonly clock: Clock;
  /** In front of every key, so that two limiters share nothing. */
  readonly namespace: string;
}

/** Callers' clocks differ: a bucket that is full by the fastest of them stays for the slowest. */
const CLOCKS_DIFFER_MS = 10_000;

/**
 * Numbers travel as text: of a number, Valkey would hand on the whole part only.
 *
 * KEYS[1] the bucket; ARGV now, a token, the capacity (all in parts; see `BucketScale`), and the key's life in ms.
 * Answers with the parts that are left; less than 0 where there were too few, and none was taken.
 */
const TAKE = `
local now, token, capacity = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + token
local left = now + capacity - full
if left >= 0 then redis.call('SET', KEYS[1], string.format('%.17g', full), 'PX', ARGV[4]) end
return string.format('%.17g', left)`;

const TAKE_SHA = createHash('sha1').update(TAKE).digest('hex');

/** Buckets that all servers share. Each is one number, and gone when it is full again. */
export class ValkeyRateLimiter implements RateLimiter {
  readonly #options: ValkeyRateLimiterOptions;

  constructor(options: ValkeyRateLimiterOptions) {
    this.#options = options;
  }

  async take(key: string, limit: RateLimit): Promise<RateDecision> {
    const { clock, namespace } = this.#options;
    const { now, token, capacity, perMs, fillMs } = bucketScale(limit, clock.now());
    // The rate is part of the key: by another, the number would mean another time.
    const name = `fanfare/${namespace}/${key}#${limit.perSecond}`;
    const lifeMs = Math.ceil(fillMs) + CLOCKS_DIFFER_MS;
    const left = Number(await this.#run(name, [now, token, capacity, lifeMs].map(String)));
    return left < 0
      ? { allowed: false, retryAfterMs: Math.ceil(-left / perMs) }
      : { allowed: true, remaining: Math.floor(left / token) };
  }

  async #run(name: string, values: readonly string[]): Promise<unknown> {
    const { client } = this.#options;
    try {
      return (await this.#known(name, values)) ?? (await client.eval(TAKE, 1, name, ...values));
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Undefined where the server does not know the script, since it has just been started. */
  async #known(name: string, values: readonly string[]): Promise<unknown> {
    try {
      return await this.#options.client.evalsha(TAKE_SHA, 1, name, ...values);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return undefined;
      throw error;
    }
  }
}
