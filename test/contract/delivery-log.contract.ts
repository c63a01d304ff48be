import { expect } from 'vitest';
import type { NotificationId, UserId } from '../../src/domain/ids.ts';
import { connectionId, notificationId, userId } from '../../src/domain/ids.ts';
import type { TrailEntry, TrailEvent } from '../../src/domain/trail.ts';
import { DEFAULT_TRAIL_KEPT_MS, MAX_ENTRIES_OF_USER } from '../../src/domain/trail.ts';
import type { DeliveryLog } from '../../src/ports/delivery-log.ts';
import { aChannel } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];
const [SHIPPED, PAID] = [notificationId('ntf_shipped'), notificationId('ntf_paid')];
const SHOWN: TrailEvent = { kind: 'shown' };

export const deliveryLogContract = (harness: Harness<Fixture<DeliveryLog>>): void =>
  contract('DeliveryLog', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [withEntries(await open()), withEntries(await open())];
      await one.tell(ALICE, SHOWN);
      expect(await other.kindsOf(SHIPPED)).toEqual([]);
    });

    promises('of what nobody told of there is nothing', async open => {
      const { port } = withEntries(await open());
      await port.append([]);
      expect(await port.find(SHIPPED, { limit: 10 })).toEqual({ entries: [] });
      expect(await port.allOf(ALICE, { limit: 10 })).toEqual({ entries: [] });
      expect(await port.ofUser(ALICE, { limit: 10 })).toEqual({ notifications: [] });
    });

    promises('what is found is what was told', async open => {
      const { port, entry, received } = withEntries(await open());
      const told = [
        received(ALICE, { title: 'Grüße 🎉\u0000', category: 'orders' }),
        entry(ALICE, {
          kind: 'posted',
          job: 'm/inline',
          attempt: 0,
          delivered: 1,
          gone: 2,
          throttled: 3,
          failed: 4,
          connectionIds: [connectionId('c=')],
        }),
        entry(undefined, { kind: 'posting-gave-up', job: 'm/p0#5', connections: 3, cause: "it's down" }),
        entry(ALICE, { kind: 'push-planned', dueAt: 1_800_000_000_000 }),
        entry(ALICE, { kind: 'push-decided', decision: 'hold', rule: 'quiet-hours', until: 5 }),
        entry(ALICE, {
          kind: 'device',
          deviceId: 'd',
          platform: 'fcm',
          outcome: 'dead',
          cause: 'gone',
          attempt: 1,
        }),
        entry(ALICE, SHOWN),
      ];
      await port.append(told);
      expect(await port.find(SHIPPED, { limit: 10 })).toEqual({ entries: told });
    });

    promises('entries come in the order of their times, then in the order of telling', async open => {
      const { port, entry, clock } = withEntries(await open());
      const now = clock.now();
      const at = (time: number, dueAt: number) => entry(ALICE, { kind: 'push-planned', dueAt }, { at: time });
      await port.append([at(now + 2, 1), at(now + 1, 2)]);
      await port.append([at(now + 1, 3), at(now, 4)]);
      const { entries } = await port.find(SHIPPED, { limit: 10 });
      expect(entries.map(({ event }) => event.kind === 'push-planned' && event.dueAt)).toEqual([4, 2, 3, 1]);
    });

    promises('pages follow one another without a gap, by the cursor of the one before', async open => {
      const { port, entry } = withEntries(await open());
      const told = Array.from({ length: 7 }, (_, dueAt) => entry(ALICE, { kind: 'push-planned', dueAt }));
      await port.append(told);
      const reads = [
        (cursor?: string) => port.find(SHIPPED, { cursor, limit: 3 }),
        (cursor?: string) => port.allOf(ALICE, { cursor, limit: 3 }),
      ];
      for (const read of reads) {
        const first = await read();
        const second = await read(first.next);
        const third = await read(second.next);
        expect([first, second, third].map(({ entries }) => entries.length)).toEqual([3, 3, 1]);
        expect([...first.entries, ...second.entries, ...third.entries]).toEqual(told);
        expect(third.next).toBeUndefined();
      }
    });

    promises('a cursor that is none is refused by name', async open => {
      const { port } = withEntries(await open());
      const refusal = { code: 'invalid', field: 'cursor' };
      for (const cursor of ['', 'x', '1-2-3', "1-1'; drop table trail_entry", '-1--1', '1'.repeat(40)]) {
        await expect(port.find(SHIPPED, { cursor, limit: 1 })).rejects.toMatchObject(refusal);
        await expect(port.ofUser(ALICE, { cursor, limit: 1 })).rejects.toMatchObject(refusal);
        await expect(port.allOf(ALICE, { cursor, limit: 1 })).rejects.toMatchObject(refusal);
      }
    });

    promises('a step that is told again is kept once, as it came first', async open => {
      const { port, entry, received, clock } = withEntries(await open());
      const first = [received(ALICE), entry(ALICE, SHOWN), entry(undefined, { kind: 'expired' })];
      await port.append([...first, ...first]);
      const later = clock.now() + 5_000;
      await Promise.all(first.map(told => port.append([{ ...told, at: later }])));
      expect((await port.find(SHIPPED, { limit: 10 })).entries).toEqual(first);
    });

    promises('what is marked back and forth is told each time', async open => {
      const { port, entry, clock, kindsOf } = withEntries(await open());
      const marks = ['read', 'unread', 'read'] as const;
      for (const [second, kind] of marks.entries())
        await port.append([entry(ALICE, { kind }, { at: clock.now() + second * 1_000 })]);
      expect(await kindsOf(SHIPPED)).toEqual(['read', 'unread', 'read']);
    });

    promises('of one user there is an end, of a channel there is none', async open => {
      const { port, entry } = withEntries(await open());
      const many = MAX_ENTRIES_OF_USER + 5;
      for (const user of [ALICE, undefined])
        for (let dueAt = 0; dueAt < many; dueAt++)
          await port.append([entry(user, { kind: 'push-planned', dueAt })]);
      const all = (await port.find(SHIPPED, { limit: 1_000 })).entries;
      expect(all.filter(({ user }) => user === ALICE)).toHaveLength(MAX_ENTRIES_OF_USER);
      expect(all.filter(({ user }) => user === undefined)).toHaveLength(many);
    });

    promises("a user's trail is theirs alone, and that of all has the channels' as well", async open => {
      const { port, tell } = withEntries(await open());
      for (const user of [ALICE, BOB, undefined]) await tell(user, SHOWN);
      const whose = async (user?: UserId) =>
        (await port.find(SHIPPED, { user, limit: 10 })).entries.map(entry => entry.user);
      expect(await whose()).toEqual([ALICE, BOB, undefined]);
      expect(await whose(BOB)).toEqual([BOB]);
      expect(await whose(userId('carol'))).toEqual([]);
    });

    promises("a user's notifications come newest first, each with the last that was told", async open => {
      const { port, entry, received, clock } = withEntries(await open());
      const ids = Array.from({ length: 5 }, (_, index) => notificationId(`ntf_${index}`));
      for (const [index, id] of ids.entries())
        await port.append([
          received(ALICE, { title: `n${index}` }, { notificationId: id, at: clock.now() + index }),
          received(BOB, {}, { notificationId: id }),
        ]);
      await port.append([
        entry(ALICE, SHOWN, { notificationId: ids[1] as NotificationId, at: clock.now() + 9 }),
        entry(BOB, { kind: 'read' }, { notificationId: ids[2] as NotificationId, at: clock.now() + 9 }),
      ]);
      const first = await port.ofUser(ALICE, { limit: 3 });
      const second = await port.ofUser(ALICE, { cursor: first.next, limit: 3 });
      const told = [...first.notifications, ...second.notifications];
      expect(told.map(({ received: { notificationId: id } }) => id)).toEqual([...ids].reverse());
      expect(told.map(({ last }) => last.event.kind)).toEqual([
        'received',
        'received',
        'received',
        'shown',
        'received',
      ]);
      expect(told.every(({ last }) => last.user === ALICE)).toBe(true);
      expect(second.next).toBeUndefined();
    });

    promises('of many who tell at once, all are heard', async open => {
      const { port, entry } = withEntries(await open());
      const tellings = Array.from({ length: 50 }, (_, dueAt) =>
        port.append([entry(ALICE, { kind: 'push-planned', dueAt }), entry(BOB, SHOWN)]),
      );
      await Promise.all(tellings);
      expect((await port.find(SHIPPED, { user: ALICE, limit: 100 })).entries).toHaveLength(50);
      expect((await port.find(SHIPPED, { user: BOB, limit: 100 })).entries).toHaveLength(1);
    });

    promises('however much is told in one go, all of it is kept', async open => {
      const { port, entry } = withEntries(await open());
      const many = 2_500;
      const ids = Array.from({ length: many }, (_, index) => notificationId(`ntf_${index}`));
      await port.append(ids.map(id => entry(ALICE, { kind: 'read' }, { notificationId: id })));
      expect((await port.allOf(ALICE, { limit: many + 1 })).entries).toHaveLength(many);
    });

    promises('an entry is gone when its time is over', ['manual-time'], async open => {
      const fixture = await open();
      const { port, tell, kindsOf } = withEntries(fixture);
      await tell(ALICE, SHOWN);
      await fixture.advance(DEFAULT_TRAIL_KEPT_MS - 1);
      await tell(ALICE, { kind: 'read' });
      expect(await kindsOf(SHIPPED)).toEqual(['shown', 'read']);
      await fixture.advance(1);
      expect(await kindsOf(SHIPPED)).toEqual(['read']);
      expect((await port.allOf(ALICE, { limit: 10 })).entries).toHaveLength(1);
    });

    promises("what was told of an erased user is gone, others' is not", async open => {
      const { port, entry, received, kindsOf } = withEntries(await open());
      const others = [received(BOB), entry(undefined, { kind: 'expired' })];
      await port.append([
        received(ALICE),
        entry(ALICE, SHOWN),
        received(ALICE, {}, { notificationId: PAID }),
        ...others,
      ]);
      await port.erase(ALICE);
      await port.erase(ALICE);
      expect((await port.find(SHIPPED, { limit: 10 })).entries).toEqual(others);
      expect(await kindsOf(PAID)).toEqual([]);
      expect(await port.ofUser(ALICE, { limit: 10 })).toEqual({ notifications: [] });
      await port.append([received(ALICE)]);
      expect(await kindsOf(SHIPPED)).toHaveLength(3);
    });

    promises(
      'what one instance is told, another over the same storage finds',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const { received } = withEntries(fixture);
        const twin = await twinOf(fixture);
        await Promise.all([twin.append([received(ALICE)]), fixture.port.append([received(ALICE)])]);
        expect((await twin.find(SHIPPED, { limit: 10 })).entries).toEqual([received(ALICE)]);
      },
    );
  });

const withEntries = ({ port, clock }: Fixture<DeliveryLog>) => {
  const entry = (user: UserId | undefined, event: TrailEvent, set: Partial<TrailEntry> = {}): TrailEntry => ({
    notificationId: SHIPPED,
    ...(user === undefined ? {} : { user }),
    at: clock.now(),
    event,
    ...set,
  });
  const received = (
    user: UserId,
    told: { readonly title?: string; readonly category?: string } = {},
    set: Partial<TrailEntry> = {},
  ): TrailEntry => {
    const channel = aChannel(`user:${user}`);
    return entry(user, { kind: 'received', from: userId('shop'), channel, priority: 'normal', ...told }, set);
  };
  return {
    port,
    clock,
    entry,
    received,
    tell: (user: UserId | undefined, event: TrailEvent): Promise<void> => port.append([entry(user, event)]),
    kindsOf: async (id: NotificationId): Promise<readonly string[]> =>
      (await port.find(id, { limit: 1_000 })).entries.map(({ event }) => event.kind),
  };
};
