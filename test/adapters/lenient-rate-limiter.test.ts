import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { LenientRateLimiter } from '../../src/adapters/system/lenient-rate-limiter.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import type { RateLimiter } from '../../src/ports/rate-limiter.ts';
import { RecordingLogger, RecordingMetrics } from '../support/fakes.ts';

const LIMIT = { perSecond: 1, burst: 2 };

const lenient = (take: RateLimiter['take']) => {
  const ports = { clock: new ManualClock(), logger: new RecordingLogger(), metrics: new RecordingMetrics() };
  return { ...ports, limiter: new LenientRateLimiter({ inner: { take }, ...ports }) };
};

test('A lenient limiter says what the one behind it says', async () => {
  const refused = { allowed: false, retryAfterMs: 400 } as const;
  const { limiter, logger } = lenient(async () => refused);
  expect(await limiter.take('key', LIMIT)).toEqual(refused);
  expect(logger.lines).toEqual([]);
});

test('A lenient limiter lets pass while the one behind it fails, and says so', async () => {
  const { limiter, logger, metrics } = lenient(async () => {
    throw new FanfareError('unavailable', 'the table limits is busy');
  });
  expect(await limiter.take('key', LIMIT)).toEqual({ allowed: true, remaining: 0 });
  expect(logger.of('limiter.failed')[0]?.fields.cause).toContain('the table limits is busy');
  expect(metrics.counted('failures_total', { where: 'limiter' })).toBe(1);
});

test('A lenient limiter counts each failure of an outage, and logs one in ten seconds', async () => {
  const { clock, limiter, logger, metrics } = lenient(() => Promise.reject(new Error('down')));
  for (let taken = 0; taken < 5; taken++) await limiter.take('key', LIMIT);
  await clock.advance(10_000);
  await limiter.take('key', LIMIT);
  expect(logger.of('limiter.failed').map(({ fields }) => fields.untold)).toEqual([0, 4]);
  expect(metrics.counted('failures_total', { where: 'limiter' })).toBe(6);
});
