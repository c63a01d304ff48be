import { expect } from 'vitest';
import type { MessageId } from '../../src/domain/ids.ts';
import { messageId, userId } from '../../src/domain/ids.ts';
import type { InboxEntry } from '../../src/domain/inbox.ts';
import type { InboxFilter, InboxStore } from '../../src/ports/inbox-store.ts';
import { aNotification } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];
const DAY_MS = 86_400_000;
const id = (offset: number): MessageId => messageId(`ntf_${offset}.user:alice`);
const ids = (...offsets: readonly number[]): readonly MessageId[] => offsets.map(id);

export const inboxStoreContract = (harness: Harness<Fixture<InboxStore>>): void =>
  contract('InboxStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [withEntries(await open()), withEntries(await open())];
      await one.fill(2);
      expect(await other.offsets('all')).toEqual([]);
    });

    promises('an inbox that nothing was sent to is empty', async open => {
      const { port } = withEntries(await open());
      const empty = { items: [], unread: 0, complete: true };
      expect(await port.list(ALICE, { filter: 'all', limit: 10 })).toEqual(empty);
      expect(await port.list(ALICE, { filter: 'all', limit: 0 })).toEqual(empty);
      expect(await port.markAllRead(ALICE)).toEqual({ unread: 0, read: [] });
    });

    promises('what is listed is what was added, unread', async open => {
      const { port, entry } = withEntries(await open());
      const notification = aNotification({
        body: 'body',
        data: { text: 'Grüße 🎉', list: [1, 2.5, null] },
        category: 'orders',
        collapseKey: 'order',
        expiresAt: 1_800_000_000_000,
      });
      const added = entry(7, { notification });
      expect(await port.add(ALICE, added)).toBe('added');
      expect(await port.list(ALICE, { filter: 'all', limit: 10 })).toEqual({
        items: [{ ...added, read: false, archived: false }],
        unread: 1,
        complete: true,
      });
    });

    promises('what is added to many inboxes at once is in its own, once', async open => {
      const { port, entry } = withEntries(await open());
      const users = Array.from({ length: 20 }, (_, index) => userId(`user-${index}`));
      const addAll = () =>
        Promise.all(users.flatMap(user => [1, 2, 2].map(offset => port.add(user, entry(offset)))));
      const added = await addAll();
      expect(added.filter(outcome => outcome === 'added')).toHaveLength(40);
      expect(new Set(await addAll())).toEqual(new Set(['known']));
      for (const user of users) {
        const { items } = await port.list(user, { filter: 'all', limit: 10 });
        expect(items.map(({ offset }) => offset)).toEqual([2, 1]);
      }
    });

    promises('what is found is what was added, with what was done about it', async open => {
      const { port, entry } = withEntries(await open());
      const entries = [entry(1), entry(2), entry(3)] as const;
      for (const one of entries) await port.add(ALICE, one);
      await port.mark(ALICE, ids(2), 'archived');
      await port.shown(ALICE, ids(3), 77);
      const found = await port.find(ALICE, ids(2, 3, 3, 4));
      expect(found).toHaveLength(2);
      expect(found).toEqual(
        expect.arrayContaining([
          { ...entries[1], read: true, archived: true },
          { ...entries[2], read: false, archived: false, shownAt: 77 },
        ]),
      );
      expect(await port.find(BOB, ids(2))).toEqual([]);
      expect(await port.find(ALICE, [])).toEqual([]);
    });

    promises('adding an entry again leaves it as it is', async open => {
      const { port, entry, fill } = withEntries(await open());
      await fill(1);
      await port.mark(ALICE, ids(1), 'read');
      expect(await port.add(ALICE, entry(1))).toBe('known');
      expect(await port.list(ALICE, { filter: 'all', limit: 10 })).toMatchObject({
        items: [{ read: true }],
        unread: 0,
      });
    });

    promises('pages go from the newest to the oldest, whatever the order of adding', async open => {
      const { port, entry } = withEntries(await open());
      for (const offset of [2, 9, 4, 11, 100]) await port.add(ALICE, entry(offset));
      const page = await port.list(ALICE, { filter: 'all', limit: 2 });
      expect(page).toMatchObject({ items: [{ offset: 100 }, { offset: 11 }], unread: 5, complete: false });
      const next = await port.list(ALICE, { filter: 'all', limit: 3, before: 11 });
      expect(next).toMatchObject({ items: [{ offset: 9 }, { offset: 4 }, { offset: 2 }], complete: true });
    });

    promises('a limit of 0 asks for the count alone', async open => {
      const { port, fill } = withEntries(await open());
      await fill(3);
      const page = await port.list(ALICE, { filter: 'all', limit: 0 });
      expect(page).toEqual({ items: [], unread: 3, complete: false });
    });

    promises('each mark does what it says, and doing it again changes nothing', async open => {
      const { port, fill, offsets } = withEntries(await open());
      await fill(4);
      for (const _ of ['once', 'again']) {
        expect(await port.mark(ALICE, ids(1, 2), 'read')).toEqual({ unread: 2 });
      }
      expect(await offsets('unread')).toEqual([4, 3]);
      for (const _ of ['once', 'again']) {
        expect(await port.mark(ALICE, ids(2, 3), 'archived')).toEqual({ unread: 1 });
      }
      expect(await offsets('all')).toEqual([4, 1]);
      expect(await offsets('archived')).toEqual([3, 2]);
      expect(await offsets('unread')).toEqual([4]);
      expect(await port.mark(ALICE, ids(2), 'unarchived')).toEqual({ unread: 1 });
      expect(await offsets('all')).toEqual([4, 2, 1]);
      expect(await port.mark(ALICE, ids(1, 3), 'unread')).toEqual({ unread: 3 });
      expect(await offsets('unread')).toEqual([4, 3, 1]);
      expect(await offsets('archived')).toEqual([]);
    });

    promises('with one id that is not in the inbox nothing is marked, and it is named', async open => {
      const { port, entry, fill, offsets } = withEntries(await open());
      await fill(2);
      await port.add(BOB, entry(3));
      expect(await port.mark(ALICE, ids(1, 3, 99), 'read')).toEqual({ unknown: ids(3, 99) });
      expect(await port.shown(ALICE, ids(1, 3), 1)).toEqual(ids(3));
      expect(await offsets('unread')).toEqual([2, 1]);
      const { items } = await port.list(ALICE, { filter: 'all', limit: 10 });
      expect(items.filter(({ shownAt }) => shownAt !== undefined)).toEqual([]);
    });

    promises('a hundred are marked at once', async open => {
      const { port, fill } = withEntries(await open());
      await fill(100);
      const all = ids(...Array.from({ length: 100 }, (_, index) => index + 1));
      expect(await port.mark(ALICE, all, 'read')).toEqual({ unread: 0 });
      expect(await port.shown(ALICE, all, 5)).toEqual([]);
    });

    promises('an id that is given twice is marked once', async open => {
      const { port, fill } = withEntries(await open());
      await fill(2);
      expect(await port.mark(ALICE, ids(1, 1), 'read')).toEqual({ unread: 1 });
      expect(await port.shown(ALICE, ids(1, 1), 5)).toEqual([]);
    });

    promises('all that is there is read at once, and what comes after is not', async open => {
      const { port, entry, fill, offsets } = withEntries(await open());
      await fill(3);
      await port.mark(ALICE, ids(1), 'archived');
      const { unread, read } = await port.markAllRead(ALICE);
      expect({ unread, read: [...read].sort() }).toEqual({ unread: 0, read: ids(2, 3) });
      await port.add(ALICE, entry(4));
      expect(await offsets('unread')).toEqual([4]);
      expect(await offsets('archived')).toEqual([1]);
    });

    promises('when an entry was first shown stays', async open => {
      const { port, fill } = withEntries(await open());
      await fill(2);
      expect(await port.shown(ALICE, ids(1), 1_000)).toEqual([]);
      expect(await port.shown(ALICE, ids(1, 2), 2_000)).toEqual([]);
      const { items } = await port.list(ALICE, { filter: 'all', limit: 10 });
      expect(items.map(({ shownAt }) => shownAt)).toEqual([2_000, 1_000]);
    });

    promises('of many marks at once none is lost, and the last one counts what all have left', async open => {
      const { port, fill, offsets } = withEntries(await open());
      await fill(12);
      const marks = Array.from({ length: 12 }, (_, index) => port.mark(ALICE, ids(index + 1), 'read'));
      const left = (await Promise.all(marks)).map(marked => ('unread' in marked ? marked.unread : Infinity));
      expect(await offsets('unread')).toEqual([]);
      expect(Math.min(...left)).toBe(0);
    });

    promises('an entry is gone after 90 days', ['manual-time'], async open => {
      const fixture = await open();
      const { port, entry, offsets } = withEntries(fixture);
      await port.add(ALICE, entry(1));
      await fixture.advance(DAY_MS);
      await port.add(ALICE, entry(2));
      await fixture.advance(89 * DAY_MS);
      expect(await offsets('all')).toEqual([2]);
      expect(await port.list(ALICE, { filter: 'unread', limit: 10 })).toMatchObject({ unread: 1 });
      expect(await port.mark(ALICE, ids(1), 'read')).toEqual({ unknown: ids(1) });
    });

    promises("an erased inbox is empty, and another user's is not", async open => {
      const { port, entry, fill, offsets } = withEntries(await open());
      await fill(30);
      await port.mark(ALICE, ids(1), 'archived');
      await port.add(BOB, entry(7));
      await port.erase(ALICE);
      await port.erase(ALICE);
      for (const filter of ['all', 'archived', 'unread'] as const) expect(await offsets(filter)).toEqual([]);
      expect(await port.list(BOB, { filter: 'all', limit: 10 })).toMatchObject({ unread: 1 });
      await port.add(ALICE, entry(1));
      expect(await offsets('unread')).toEqual([1]);
    });

    promises(
      'what one instance writes, another over the same storage sees',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const { fill } = withEntries(fixture);
        const twin = await twinOf(fixture);
        await fill(2);
        expect(await twin.mark(ALICE, ids(1), 'read')).toEqual({ unread: 1 });
        expect(await fixture.port.list(ALICE, { filter: 'unread', limit: 10 })).toMatchObject({ unread: 1 });
      },
    );
  });

const withEntries = ({ port, clock }: Fixture<InboxStore>) => {
  const entry = (offset: number, set: Partial<InboxEntry> = {}): InboxEntry => ({
    messageId: id(offset),
    offset,
    sentAt: clock.now(),
    notification: aNotification(),
    ...set,
  });
  return {
    port,
    entry,
    /** Entries of the offsets from 1 up. */
    fill: async (count: number): Promise<void> => {
      for (let offset = 1; offset <= count; offset += 1) await port.add(ALICE, entry(offset));
    },
    offsets: async (filter: InboxFilter): Promise<readonly number[]> =>
      (await port.list(ALICE, { filter, limit: 100 })).items.map(({ offset }) => offset),
  };
};
