import { expect } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { UserDirectory } from '../../src/ports/user-directory.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const ALICE = userId('alice');

export const userDirectoryContract = (harness: Harness<Fixture<UserDirectory>>): void =>
  contract('UserDirectory', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.save(ALICE, {}, 1);
      expect(await other.port.find(ALICE)).toBeUndefined();
    });

    promises('what is found is what was saved, with nothing that was not', async open => {
      const { port } = await open();
      expect(await port.find(ALICE)).toBeUndefined();
      const profile = { timeZone: 'Europe/Berlin', locale: 'de-AT', name: 'Ålice 🎉' };
      const alice = { id: ALICE, ...profile, createdAt: 1, updatedAt: 1 };
      expect(await port.save(ALICE, profile, 1)).toEqual(alice);
      expect(await port.find(ALICE)).toEqual(alice);
      await port.save(userId('bob'), {}, 2);
      expect(await port.find(userId('bob'))).toEqual({ id: 'bob', createdAt: 2, updatedAt: 2 });
    });

    promises(
      'a later profile replaces the whole of an earlier one, and who was created stays so',
      async open => {
        const { port } = await open();
        await port.save(ALICE, { timeZone: 'Europe/Berlin', name: 'Alice' }, 1);
        const since = { id: ALICE, locale: 'en', createdAt: 1, updatedAt: 5 };
        expect(await port.save(ALICE, { locale: 'en' }, 5)).toEqual(since);
        expect(await port.find(ALICE)).toEqual(since);
      },
    );

    promises('pages go in the order of ids, by code point', async open => {
      const { port } = await open();
      for (const id of ['b', 'a', 'Z', '_', 'a.b', '10', '9']) await port.save(userId(id), {}, 1);
      const idsOf = async (page: { after?: string; limit: number }): Promise<readonly string[]> => {
        const { after, limit } = page;
        return (await port.list({ limit, ...(after === undefined ? {} : { after: userId(after) }) })).map(
          ({ id }) => id,
        );
      };
      expect(await idsOf({ limit: 10 })).toEqual(['10', '9', 'Z', '_', 'a', 'a.b', 'b']);
      expect(await idsOf({ limit: 2 })).toEqual(['10', '9']);
      expect(await idsOf({ after: '9', limit: 2 })).toEqual(['Z', '_']);
      expect(await idsOf({ after: 'a.', limit: 2 })).toEqual(['a.b', 'b']);
      expect(await idsOf({ after: 'b', limit: 2 })).toEqual([]);
    });

    promises('who is erased is gone, and is created anew', async open => {
      const { port } = await open();
      await port.save(ALICE, { name: 'Alice' }, 1);
      for (const _ of ['once', 'again']) await port.erase(ALICE);
      expect(await port.find(ALICE)).toBeUndefined();
      expect(await port.list({ limit: 10 })).toEqual([]);
      expect(await port.save(ALICE, {}, 7)).toEqual({ id: ALICE, createdAt: 7, updatedAt: 7 });
    });

    promises(
      'what one instance writes, another over the same storage sees',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const twin = await twinOf(fixture);
        await fixture.port.save(ALICE, { name: 'Alice' }, 1);
        expect((await twin.find(ALICE))?.name).toBe('Alice');
      },
    );
  });
