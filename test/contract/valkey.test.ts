import { afterAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { ValkeyCache } from '../../src/adapters/valkey/valkey-cache.ts';
import { ValkeyRateLimiter } from '../../src/adapters/valkey/valkey-rate-limiter.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import { until } from '../support/until.ts';
import { aValkeyNamespace, sharedValkey, VALKEYS } from '../support/valkey-server.ts';
import { cacheContract } from './cache.contract.ts';
import { rateLimiterContract } from './rate-limiter.contract.ts';

const unavailable = unlessRequired(await whyNoContainers());

const HOUR_MS = 3_600_000;
const parse = (kept: unknown): unknown => kept;

for (const { suffix, start } of VALKEYS) {
  const server = sharedValkey(start);
  afterAll(() => server.stop());

  rateLimiterContract({
    name: `ValkeyRateLimiter${suffix}`,
    unavailable,
    examples: 30,
    open: async () => {
      const options = {
        client: await server.client(),
        clock: new ManualClock(),
        namespace: aValkeyNamespace(),
      };
      return {
        port: new ValkeyRateLimiter(options),
        clock: options.clock,
        advance: ms => options.clock.advance(ms),
        twin: async () => new ValkeyRateLimiter(options),
      };
    },
  });

  cacheContract({
    name: `ValkeyCache${suffix}`,
    unavailable,
    lacks: {
      'manual-time': 'Valkey forgets by its own clock',
      limits: 'how much Valkey keeps is set on the server, by maxmemory',
    },
    open: async () => {
      const options = { client: await server.client(), namespace: aValkeyNamespace(), parse };
      return {
        port: new ValkeyCache<unknown>(options),
        clock: new ManualClock(),
        advance: ms => new Promise(resolve => setTimeout(resolve, ms)),
        twin: async () => new ValkeyCache<unknown>(options),
      };
    },
  });

  describe(`Valkey${suffix}`, () => {
    test('an entry is gone when its time is over', async context => {
      if (unavailable !== undefined) context.skip(unavailable);
      const cache = new ValkeyCache<unknown>({
        client: await server.client(),
        namespace: aValkeyNamespace(),
        parse,
      });
      await cache.set('key', 'value', 20.5);
      await until(async () => (await cache.get('key')) === undefined);
    });

    test('what another version kept, and this one cannot read, is not found', async context => {
      if (unavailable !== undefined) context.skip(unavailable);
      const options = { client: await server.client(), namespace: aValkeyNamespace() };
      await new ValkeyCache<unknown>({ ...options, parse }).set('key', { version: 0 }, HOUR_MS);
      const parseStrictly = (): never => {
        throw new Error('expected version 1');
      };
      expect(await new ValkeyCache({ ...options, parse: parseStrictly }).get('key')).toBeUndefined();
    });

    test('a bucket that nobody takes from is gone soon after it is full, and its script comes back after a flush', async context => {
      if (unavailable !== undefined) context.skip(unavailable);
      const client = await server.client();
      const namespace = aValkeyNamespace();
      const limiter = new ValkeyRateLimiter({ client, clock: new ManualClock(), namespace });
      await client.script('FLUSH');
      const limit = { perSecond: 2, burst: 10 };
      expect(await limiter.take('key', limit)).toEqual({ allowed: true, remaining: 9 });
      const lifeMs = await client.pttl(`fanfare/${namespace}/key#2`);
      expect(lifeMs).toBeGreaterThan(5_000);
      expect(lifeMs).toBeLessThanOrEqual(15_000);
    });
  });
}
