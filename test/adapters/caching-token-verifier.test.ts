import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CachingTokenVerifier } from '../../src/adapters/jose/caching-token-verifier.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { userId } from '../../src/domain/ids.ts';
import { anIdentity } from '../support/builders.ts';

/** An inner verifier that counts, in front of which the cache stands. */
const aVerifier = (identityOf: (token: string, clock: ManualClock) => Identity = () => anIdentity()) => {
  const clock = new ManualClock();
  const asked: string[] = [];
  const inner = {
    verify: async (token: string) => {
      asked.push(token);
      return identityOf(token, clock);
    },
  };
  const cache = new MemoryCache<Identity>({ clock });
  return { clock, asked, verifier: new CachingTokenVerifier({ inner, cache, clock }) };
};

describe('A token seen a moment ago', () => {
  test('is not verified again, and means the same', async () => {
    const { verifier, asked } = aVerifier();
    const first = await verifier.verify('token');
    expect(await verifier.verify('token')).toEqual(first);
    expect(asked).toEqual(['token']);
  });

  test('says nothing about another', async () => {
    const { verifier, asked } = aVerifier(token => anIdentity({ user: userId(token) }));
    await verifier.verify('alice');
    expect(await verifier.verify('bob')).toMatchObject({ user: 'bob' });
    expect(asked).toEqual(['alice', 'bob']);
  });

  test('is verified again after 60 s, however often it was used meanwhile', async () => {
    const { verifier, asked, clock } = aVerifier();
    await verifier.verify('token');
    await clock.advance(30_000);
    await verifier.verify('token');
    await clock.advance(29_999);
    await verifier.verify('token');
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    await verifier.verify('token');
    expect(asked).toHaveLength(2);
  });

  test('is never taken as good past its own end, nor past 60 s', async () => {
    const lives = fc.integer({ min: -40_000, max: 120_000 });
    await fc.assert(
      fc.asyncProperty(lives, fc.integer({ min: 0, max: 120_000 }), async (lifeMs, laterMs) => {
        const start = new ManualClock().now();
        const { verifier, asked, clock } = aVerifier(() => anIdentity({ expiresAt: start + lifeMs }));
        await verifier.verify('token');
        await clock.advance(laterMs);
        await verifier.verify('token');
        expect(asked).toHaveLength(laterMs < Math.min(lifeMs, 60_000) ? 1 : 2);
      }),
    );
  });

  test('that was refused is asked about anew: it may be good by now', async () => {
    const { verifier, asked } = aVerifier(() => {
      if (asked.length < 3) throw new FanfareError('unavailable', 'not just now');
      return anIdentity();
    });
    await expect(verifier.verify('token')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(verifier.verify('token')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await verifier.verify('token')).toMatchObject({ user: 'alice' });
    expect(asked).toHaveLength(3);
  });
});
