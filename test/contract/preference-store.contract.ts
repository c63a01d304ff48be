import { expect } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { Preferences } from '../../src/domain/preferences.ts';
import { NO_PREFERENCES } from '../../src/domain/preferences.ts';
import type { PreferenceStore } from '../../src/ports/preference-store.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];

const ALL_THERE_IS: Preferences = {
  quietHours: { start: '22:00', end: '07:00', timeZone: 'Europe/Berlin', urgentPasses: true },
  muteUntil: 1_800_000_000_000,
  categories: {
    orders: { screen: false, push: true, digest: { every: 'day', at: '09:00' }, cap: null },
    'Grüße 🎉': { digest: null, cap: { max: 3, windowMs: 3_600_000, over: 'drop' }, muteUntil: 1 },
    empty: {},
  },
};

const MUTED: Preferences = { muteUntil: 1_000, categories: {} };

export const preferenceStoreContract = (harness: Harness<Fixture<PreferenceStore>>): void =>
  contract('PreferenceStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.save(ALICE, MUTED);
      expect(await other.port.find(ALICE)).toBeUndefined();
    });

    promises('what is found is what was saved last, of each user', async open => {
      const { port } = await open();
      expect(await port.find(ALICE)).toBeUndefined();
      expect(await port.save(ALICE, ALL_THERE_IS)).toEqual({ version: 1 });
      expect(await port.find(ALICE)).toEqual({ preferences: ALL_THERE_IS, version: 1 });
      expect(await port.save(ALICE, MUTED)).toEqual({ version: 2 });
      expect(await port.find(ALICE)).toEqual({ preferences: MUTED, version: 2 });
      expect(await port.find(BOB)).toBeUndefined();
    });

    promises('many who are looked up at once have each their own', async open => {
      const { port } = await open();
      await port.save(ALICE, MUTED);
      await port.save(BOB, ALL_THERE_IS);
      const users = [BOB, userId('nobody'), ALICE, BOB];
      const found = await Promise.all(users.map(user => port.find(user)));
      expect(found.map(stored => stored?.preferences)).toEqual([
        ALL_THERE_IS,
        undefined,
        MUTED,
        ALL_THERE_IS,
      ]);
    });

    promises('one is saved over the version that was read, and over no other', async open => {
      const { port } = await open();
      expect(await port.save(ALICE, MUTED, 1)).toBe('changed');
      expect(await port.find(ALICE)).toBeUndefined();
      expect(await port.save(ALICE, MUTED, 0)).toEqual({ version: 1 });
      expect(await port.save(ALICE, ALL_THERE_IS, 0)).toBe('changed');
      expect(await port.save(ALICE, ALL_THERE_IS, 2)).toBe('changed');
      expect(await port.find(ALICE)).toEqual({ preferences: MUTED, version: 1 });
      expect(await port.save(ALICE, ALL_THERE_IS, 1)).toEqual({ version: 2 });
    });

    promises('of many saves over one version, exactly one is made', async open => {
      const { port } = await open();
      for (const read of [0, 1]) {
        const saves = await Promise.all(
          Array.from({ length: 10 }, (_, index) => port.save(ALICE, { ...MUTED, muteUntil: index }, read)),
        );
        expect(saves.filter(saved => saved !== 'changed')).toEqual([{ version: read + 1 }]);
        const kept = saves.findIndex(saved => saved !== 'changed');
        expect((await port.find(ALICE))?.preferences.muteUntil).toBe(kept);
      }
    });

    promises('what is erased is gone, of that user alone', async open => {
      const { port } = await open();
      for (const user of [ALICE, BOB]) await port.save(user, NO_PREFERENCES);
      for (const _ of ['once', 'again']) await port.erase(ALICE);
      expect(await port.find(ALICE)).toBeUndefined();
      expect(await port.find(BOB)).toEqual({ preferences: NO_PREFERENCES, version: 1 });
      expect(await port.save(ALICE, MUTED, 1)).toBe('changed');
      expect(await port.save(ALICE, MUTED, 0)).toEqual({ version: 1 });
    });

    promises(
      'what one instance writes, another over the same storage sees',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const twin = await twinOf(fixture);
        await fixture.port.save(ALICE, MUTED);
        expect(await twin.find(ALICE)).toEqual({ preferences: MUTED, version: 1 });
      },
    );
  });
