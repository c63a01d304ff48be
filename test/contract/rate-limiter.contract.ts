import fc from 'fast-check';
import { expect } from 'vitest';
import type { RateDecision, RateLimiter } from '../../src/ports/rate-limiter.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, examplesOf, twinOf } from '../support/harness.ts';

const ONE_A_SECOND = { perSecond: 1, burst: 3 };

export const rateLimiterContract = (harness: Harness<Fixture<RateLimiter>>): void =>
  contract('RateLimiter', harness, promises => {
    promises('two instances do not share their buckets', async open => {
      const [one, other] = [await open(), await open()];
      const limit = { perSecond: 0.01, burst: 1 };
      await one.port.take('key', limit);
      expect(await other.port.take('key', limit)).toMatchObject({ allowed: true });
    });

    promises('the burst is allowed at once, and nothing beyond it', async open => {
      const { port } = await open();
      const limit = { perSecond: 0.01, burst: 3 };
      const decisions = await takeTimes(port, 4, limit);
      expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    });

    promises('each that is allowed tells how many are left', async open => {
      const { port } = await open();
      const limit = { perSecond: 0.01, burst: 3 };
      const decisions = await takeTimes(port, 3, limit);
      expect(decisions.map(decision => (decision.allowed ? decision.remaining : undefined))).toEqual([
        2, 1, 0,
      ]);
    });

    promises('of many callers at once, as many are allowed as the burst says', async open => {
      const { port } = await open();
      const limit = { perSecond: 0.01, burst: 7 };
      const decisions = await Promise.all(Array.from({ length: 50 }, () => port.take('key', limit)));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(7);
    });

    promises('a key is not charged for another', async open => {
      const { port } = await open();
      const limit = { perSecond: 0.01, burst: 1 };
      await port.take('one', limit);
      expect(await port.take('other', limit)).toMatchObject({ allowed: true });
    });

    promises('any sooner than it says is in vain, and then it is not', ['manual-time'], async open => {
      const { port, advance } = await open();
      const waits = fc.record({
        perSecond: fc.integer({ min: 1, max: 2_000 }),
        burst: fc.integer({ min: 1, max: 5 }),
      });
      let example = 0;
      await fc.assert(
        fc.asyncProperty(waits, async limit => {
          const key = `key-${example++}`;
          await takeTimes(port, limit.burst, limit, key);
          const refused = await port.take(key, limit);
          if (refused.allowed) throw new Error('beyond the burst');
          expect(refused.retryAfterMs).toBe(Math.ceil(1_000 / limit.perSecond));
          await advance(refused.retryAfterMs - 1);
          expect((await port.take(key, limit)).allowed).toBe(false);
          await advance(1);
          expect(await port.take(key, limit)).toMatchObject({ allowed: true });
        }),
        examplesOf(harness),
      );
    });

    promises('being refused costs nothing', ['manual-time'], async open => {
      const { port, advance } = await open();
      await takeTimes(port, 20, ONE_A_SECOND);
      await advance(1_000);
      expect(await port.take('key', ONE_A_SECOND)).toMatchObject({ allowed: true });
    });

    promises('a bucket left alone fills up to the burst and no further', ['manual-time'], async open => {
      const { port, advance } = await open();
      await takeTimes(port, 3, ONE_A_SECOND);
      await advance(3_600_000);
      const decisions = await takeTimes(port, 4, ONE_A_SECOND);
      expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    });

    promises(
      'it never allows more than the burst and what has been refilled',
      ['manual-time'],
      async open => {
        const { port, advance } = await open();
        const limits = fc.record({
          perSecond: fc.integer({ min: 1, max: 50 }),
          burst: fc.integer({ min: 1, max: 5 }),
        });
        const pauses = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 });
        let example = 0;
        await fc.assert(
          fc.asyncProperty(limits, pauses, async (limit, pausesMs) => {
            const key = `key-${example++}`;
            let elapsedMs = 0;
            let allowed = 0;
            for (const pauseMs of pausesMs) {
              await advance(pauseMs);
              elapsedMs += allowed === 0 ? 0 : pauseMs;
              if ((await port.take(key, limit)).allowed) allowed++;
              expect(allowed).toBeLessThanOrEqual(limit.burst + (limit.perSecond * elapsedMs) / 1_000);
            }
          }),
          examplesOf(harness),
        );
      },
    );

    promises('who asks as soon as they are told gets the full rate', ['manual-time'], async open => {
      const { port, clock, advance } = await open();
      const limit = { perSecond: 8, burst: 2 };
      const start = clock.now();
      let allowed = 0;
      while (clock.now() - start <= 10_000) {
        const decision = await port.take('key', limit);
        if (decision.allowed) allowed++;
        else await advance(decision.retryAfterMs);
      }
      expect(allowed).toBe(2 + 80);
    });

    promises('what one instance takes, another cannot', ['two-instances'], async open => {
      const fixture = await open();
      const twin = await twinOf(fixture);
      const limit = { perSecond: 0.01, burst: 1 };
      await fixture.port.take('key', limit);
      expect((await twin.take('key', limit)).allowed).toBe(false);
    });
  });

const takeTimes = async (
  port: RateLimiter,
  times: number,
  limit: { readonly perSecond: number; readonly burst: number },
  key = 'key',
): Promise<readonly RateDecision[]> => {
  const decisions: RateDecision[] = [];
  for (let taken = 0; taken < times; taken++) decisions.push(await port.take(key, limit));
  return decisions;
};
