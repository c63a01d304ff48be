import { expect } from 'vitest';
import type { Cap } from '../../src/domain/category.ts';
import { messageId, userId } from '../../src/domain/ids.ts';
import type { CapCounter } from '../../src/ports/cap-counter.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];
const HOUR_MS = 3_600_000;
const CAP: Cap = { max: 2, windowMs: HOUR_MS, over: 'drop' };

export const capCounterContract = (harness: Harness<Fixture<CapCounter>>): void =>
  contract('CapCounter', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [withCap(await open()), withCap(await open())];
      for (const id of ['a', 'b']) await one.take(id);
      expect(await other.take('a')).toBe(true);
      expect(await other.take('b')).toBe(true);
    });

    promises('as many are taken as there may be', async open => {
      const { take } = withCap(await open());
      expect([await take('a'), await take('b'), await take('c')]).toEqual([true, true, false]);
    });

    promises('who has a place has it still', async open => {
      const { take } = withCap(await open());
      for (const id of ['a', 'b', 'c']) await take(id);
      expect([await take('a'), await take('b'), await take('c')]).toEqual([true, true, false]);
    });

    promises('a place is free again when the window has moved on', async open => {
      const { take } = withCap(await open());
      expect(await take('a', 0)).toBe(true);
      expect(await take('b', 1_000)).toBe(true);
      expect(await take('c', HOUR_MS - 1)).toBe(false);
      expect(await take('c', HOUR_MS)).toBe(true);
      expect(await take('d', HOUR_MS + 999)).toBe(false);
      expect(await take('d', HOUR_MS + 1_000)).toBe(true);
    });

    promises('users and categories count by themselves', async open => {
      const { port, now } = withCap(await open());
      const one = { ...CAP, max: 1 };
      expect(await port.take(ALICE, 'orders', messageId('a'), one, now)).toBe(true);
      expect(await port.take(ALICE, 'news', messageId('b'), one, now)).toBe(true);
      expect(await port.take(BOB, 'orders', messageId('a'), one, now)).toBe(true);
      expect(await port.take(ALICE, 'orders', messageId('c'), one, now)).toBe(false);
    });

    promises('of many at once, no more are taken than there may be', async open => {
      const { take } = withCap(await open());
      const taken = await Promise.all(Array.from({ length: 10 }, (_, index) => take(`m${index}`)));
      expect(taken.filter(Boolean)).toHaveLength(CAP.max);
    });

    promises("erasing frees a user's places and nobody else's", async open => {
      const { port, take, now } = withCap(await open());
      for (const id of ['a', 'b']) await take(id);
      await port.take(BOB, 'orders', messageId('a'), { ...CAP, max: 1 }, now);
      await port.erase(ALICE);
      expect(await take('c')).toBe(true);
      expect(await port.take(BOB, 'orders', messageId('b'), { ...CAP, max: 1 }, now)).toBe(false);
    });

    promises('what one instance takes, another counts', ['two-instances'], async open => {
      const fixture = await open();
      const twin = withCap({ ...fixture, port: await twinOf(fixture) });
      const { take } = withCap(fixture);
      for (const id of ['a', 'b']) await take(id);
      expect(await twin.take('c')).toBe(false);
    });
  });

const withCap = ({ port, clock }: Fixture<CapCounter>) => {
  const now = clock.now();
  return {
    port,
    now,
    /** @param at ms after the beginning */
    take: (id: string, at = 0): Promise<boolean> => port.take(ALICE, 'orders', messageId(id), CAP, now + at),
  };
};
