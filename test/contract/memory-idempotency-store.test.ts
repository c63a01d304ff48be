import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryIdempotencyStore } from '../../src/adapters/local/memory-idempotency-store.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

idempotencyStoreContract({
  name: 'MemoryIdempotencyStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryIdempotencyStore({ clock }), clock, advance: ms => clock.advance(ms) };
  },
});

test('a store full of live keys refuses a new one, keeps the old, and has room again when one expires', async () => {
  const clock = new ManualClock();
  const store = new MemoryIdempotencyStore<string>({ clock, maxKeys: 2 });
  const claim = (key: string, ttlMs: number) =>
    store.claim({ key, fingerprint: 'digest', seed: key, leaseMs: 1_000, ttlMs });
  await claim('long', 60_000);
  await claim('short', 5_000);
  await store.complete('long', 'answer');

  await expect(claim('new', 5_000)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 5_000 });
  await clock.advance(4_999);
  await expect(claim('new', 5_000)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1 });
  await clock.advance(1);
  expect(await claim('new', 5_000)).toEqual({ status: 'claimed', seed: 'new' });
  expect(await claim('long', 60_000)).toEqual({ status: 'completed', answer: 'answer' });
});
