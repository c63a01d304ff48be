import { expect } from 'vitest';
import type { IdempotencyClaim, IdempotencyStore } from '../../src/ports/idempotency-store.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const LEASE_MS = 10_000;
const DAY_MS = 86_400_000;

const aClaim = (set: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
  key: 'alice/order-1',
  fingerprint: 'digest-1',
  seed: 'seed-1',
  leaseMs: LEASE_MS,
  ttlMs: DAY_MS,
  ...set,
});

export const idempotencyStoreContract = (harness: Harness<Fixture<IdempotencyStore<unknown>>>): void =>
  contract('IdempotencyStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.claim(aClaim());
      expect(await other.port.claim(aClaim({ seed: 'seed-2' }))).toEqual({
        status: 'claimed',
        seed: 'seed-2',
      });
    });

    promises('the first claim is its own, with its own seed', async open => {
      const { port } = await open();
      expect(await port.claim(aClaim())).toEqual({ status: 'claimed', seed: 'seed-1' });
    });

    promises('a completed key answers as it did the first time', async open => {
      const { port } = await open();
      const answer = { id: 'n-1', channels: [{ channel: 'user:alice', offset: 7 }] };
      await port.claim(aClaim());
      await port.complete(aClaim().key, answer);
      expect(await port.claim(aClaim())).toEqual({ status: 'completed', answer });
    });

    promises('completing twice keeps the first answer', async open => {
      const { port } = await open();
      await port.claim(aClaim());
      await port.complete(aClaim().key, 'first');
      await port.complete(aClaim().key, 'second');
      expect(await port.claim(aClaim())).toEqual({ status: 'completed', answer: 'first' });
    });

    promises(
      'while an owner is at it, the next one is told how long to wait',
      ['manual-time'],
      async open => {
        const { port, advance } = await open();
        await port.claim(aClaim());
        await advance(4_000);
        expect(await port.claim(aClaim())).toEqual({ status: 'in-progress', retryAfterMs: 6_000 });
      },
    );

    promises('of many claims at once, exactly one is claimed', async open => {
      const { port } = await open();
      const claims = Array.from({ length: 40 }, (_, index) => port.claim(aClaim({ seed: `seed-${index}` })));
      const statuses = (await Promise.all(claims)).map(({ status }) => status);
      expect(statuses.filter(status => status === 'claimed')).toHaveLength(1);
      expect(statuses.filter(status => status === 'in-progress')).toHaveLength(39);
    });

    promises('of many keys at once, each has its own claim and its own answer', async open => {
      const { port } = await open();
      const keys = Array.from({ length: 40 }, (_, index) => `alice/${index}`);
      const claimAll = () =>
        Promise.all(keys.map(key => port.claim(aClaim({ key, seed: `seed of ${key}` }))));
      const claimed = keys.map(key => ({ status: 'claimed', seed: `seed of ${key}` }));
      expect(await claimAll()).toEqual(claimed);
      await Promise.all(keys.map(key => port.complete(key, { of: key })));
      expect(await claimAll()).toEqual(keys.map(key => ({ status: 'completed', answer: { of: key } })));
    });

    promises('a key is not affected by another', async open => {
      const { port } = await open();
      await port.claim(aClaim());
      await port.complete(aClaim().key, 'answer');
      const other = aClaim({ key: 'bob/order-1', seed: 'seed-2' });
      expect(await port.claim(other)).toEqual({ status: 'claimed', seed: 'seed-2' });
    });

    promises('another request under the same key is a conflict, at work and when completed', async open => {
      const { port } = await open();
      const other = aClaim({ fingerprint: 'digest-2' });
      await port.claim(aClaim());
      expect(await port.claim(other)).toEqual({ status: 'conflict' });
      await port.complete(aClaim().key, 'answer');
      expect(await port.claim(other)).toEqual({ status: 'conflict' });
      expect(await port.claim(aClaim())).toEqual({ status: 'completed', answer: 'answer' });
    });

    promises(
      'when the lease has run out, the next one takes over, with the first seed',
      ['manual-time'],
      async open => {
        const { port, advance } = await open();
        await port.claim(aClaim());
        await advance(LEASE_MS - 1);
        expect((await port.claim(aClaim({ seed: 'seed-2' }))).status).toBe('in-progress');
        await advance(1);
        expect(await port.claim(aClaim({ seed: 'seed-2' }))).toEqual({ status: 'claimed', seed: 'seed-1' });
        expect((await port.claim(aClaim({ seed: 'seed-3' }))).status).toBe('in-progress');
      },
    );

    promises('of many who take over at once, exactly one does', ['manual-time'], async open => {
      const { port, advance } = await open();
      await port.claim(aClaim());
      await advance(LEASE_MS);
      const results = await Promise.all(Array.from({ length: 20 }, () => port.claim(aClaim())));
      expect(results.filter(({ status }) => status === 'claimed')).toHaveLength(1);
    });

    promises('a claim that ran out is a conflict for another request still', ['manual-time'], async open => {
      const { port, advance } = await open();
      await port.claim(aClaim());
      await advance(LEASE_MS);
      expect(await port.claim(aClaim({ fingerprint: 'digest-2' }))).toEqual({ status: 'conflict' });
    });

    promises('a released claim is free at once, for the same request, with the first seed', async open => {
      const { port } = await open();
      await port.claim(aClaim());
      await port.release(aClaim().key);
      expect(await port.claim(aClaim({ fingerprint: 'digest-2' }))).toEqual({ status: 'conflict' });
      expect(await port.claim(aClaim({ seed: 'seed-2' }))).toEqual({ status: 'claimed', seed: 'seed-1' });
    });

    promises('releasing never undoes a completion', async open => {
      const { port } = await open();
      await port.claim(aClaim());
      await port.complete(aClaim().key, 'answer');
      await port.release(aClaim().key);
      expect(await port.claim(aClaim())).toEqual({ status: 'completed', answer: 'answer' });
    });

    promises('completing or releasing what nobody claimed does nothing', async open => {
      const { port } = await open();
      await port.complete(aClaim().key, 'answer');
      await port.release(aClaim().key);
      expect(await port.claim(aClaim())).toEqual({ status: 'claimed', seed: 'seed-1' });
    });

    promises('a key is remembered until its time is over, and then is new', ['manual-time'], async open => {
      const { port, advance } = await open();
      await port.claim(aClaim());
      await advance(5_000);
      await port.complete(aClaim().key, 'answer');
      await advance(DAY_MS - 5_001);
      expect((await port.claim(aClaim())).status).toBe('completed');
      await advance(1);
      const anew = aClaim({ fingerprint: 'digest-2', seed: 'seed-2' });
      expect(await port.claim(anew)).toEqual({ status: 'claimed', seed: 'seed-2' });
    });

    promises('taking over does not lengthen the time of a key', ['manual-time'], async open => {
      const { port, advance } = await open();
      await port.claim(aClaim({ ttlMs: 15_000 }));
      await advance(LEASE_MS);
      await port.claim(aClaim({ ttlMs: 15_000 }));
      await advance(5_000);
      expect(await port.claim(aClaim({ seed: 'seed-2' }))).toEqual({ status: 'claimed', seed: 'seed-2' });
    });

    promises('what one instance claims, another cannot', ['two-instances'], async open => {
      const fixture = await open();
      const twin = await twinOf(fixture);
      await fixture.port.claim(aClaim());
      expect((await twin.claim(aClaim())).status).toBe('in-progress');
    });
  });
