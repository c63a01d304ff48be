import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryRateLimiter } from '../../src/adapters/local/memory-rate-limiter.ts';
import { rateLimiterContract } from './rate-limiter.contract.ts';

rateLimiterContract({
  name: 'MemoryRateLimiter',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryRateLimiter({ clock }), clock, advance: ms => clock.advance(ms) };
  },
});

test('beyond the keys it has room for, the one that asked longest ago is forgotten', async () => {
  const limiter = new MemoryRateLimiter({ clock: new ManualClock(), maxKeys: 2 });
  const limit = { perSecond: 1, burst: 1 };
  for (const key of ['asking still', 'old', 'asking still', 'new']) await limiter.take(key, limit);
  expect((await limiter.take('asking still', limit)).allowed).toBe(false);
  expect((await limiter.take('old', limit)).allowed).toBe(true);
});
