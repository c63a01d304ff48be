import { expect, test } from 'vitest';
import { LenientCache } from '../../src/adapters/caching/lenient-cache.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import type { Cache } from '../../src/ports/cache.ts';
import { RecordingLogger, RecordingMetrics } from '../support/fakes.ts';

const around = (inner: Cache<string>) => {
  const ports = { clock: new ManualClock(), logger: new RecordingLogger(), metrics: new RecordingMetrics() };
  return { ...ports, cache: new LenientCache({ inner, ...ports }) };
};

test('A lenient cache keeps what the one behind it keeps', async () => {
  const { cache, logger } = around(new MemoryCache<string>({ clock: new ManualClock() }));
  await cache.set('key', 'value', 1_000);
  expect(await cache.get('key')).toBe('value');
  await cache.delete('key');
  expect(await cache.get('key')).toBeUndefined();
  expect(logger.lines).toEqual([]);
});

test('A lenient cache knows nothing while the one behind it fails, and says so', async () => {
  const fail = () => Promise.reject(new Error('the cache is down'));
  const { cache, logger, metrics } = around({ get: fail, set: fail, delete: fail });
  await cache.set('key', 'value', 1_000);
  expect(await cache.get('key')).toBeUndefined();
  await cache.delete('key');
  expect(metrics.counted('failures_total', { where: 'cache' })).toBe(3);
  expect(logger.of('cache.failed')).toHaveLength(1);
});
