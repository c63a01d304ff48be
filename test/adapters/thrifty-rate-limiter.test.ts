import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryRateLimiter } from '../../src/adapters/local/memory-rate-limiter.ts';
import { ThriftyRateLimiter } from '../../src/adapters/system/thrifty-rate-limiter.ts';
import type { RateLimit, RateLimiter } from '../../src/ports/rate-limiter.ts';

const LIMIT: RateLimit = { perSecond: 20, burst: 40 };

const instances = (count: number) => {
  const clock = new ManualClock();
  const memory = new MemoryRateLimiter({ clock });
  let asked = 0;
  const shared: RateLimiter = {
    take: (key, limit) => {
      asked += 1;
      return memory.take(key, limit);
    },
  };
  const limiters = Array.from(
    { length: count },
    () => new ThriftyRateLimiter({ own: new MemoryRateLimiter({ clock }), shared }),
  );
  const allowedOf = async (times: number, limit = LIMIT): Promise<number> => {
    let allowed = 0;
    for (let n = 0; n < times; n += 1) {
      const decision = await limiters[n % count]?.take('key', limit);
      if (decision?.allowed) allowed += 1;
    }
    return allowed;
  };
  return { clock, allowedOf, asked: () => asked };
};

describe('A thrifty limiter', () => {
  test('asks nobody about who sends now and then', async () => {
    const { clock, allowedOf, asked } = instances(3);
    for (let minute = 0; minute < 10; minute += 1) {
      expect(await allowedOf(4)).toBe(4);
      await clock.advance(60_000);
    }
    expect(asked()).toBe(0);
  });

  test('lets pass the limit, and a tenth of it for each instance', async () => {
    expect(await instances(1).allowedOf(200)).toBe(44);
    expect(await instances(3).allowedOf(200)).toBe(52);
  });

  test('keeps to the limit where a tenth of it would be nothing', async () => {
    expect(await instances(3).allowedOf(50, { perSecond: 0.01, burst: 9 })).toBe(9);
  });

  test('says how long to wait as the shared one does', async () => {
    const clock = new ManualClock();
    const [own, shared] = [new MemoryRateLimiter({ clock }), new MemoryRateLimiter({ clock })];
    const limiter = new ThriftyRateLimiter({ own, shared });
    for (let n = 0; n < 44; n += 1) await limiter.take('key', LIMIT);
    expect(await limiter.take('key', LIMIT)).toEqual({ allowed: false, retryAfterMs: 50 });
  });
});
