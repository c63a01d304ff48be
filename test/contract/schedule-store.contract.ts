import { expect } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import { scheduleId } from '../../src/domain/schedule.ts';
import type { ScheduleStore } from '../../src/ports/schedule-store.ts';
import { aChannel } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];

const aSchedule = (id: string, set: Partial<Schedule> = {}): Schedule => ({
  id: scheduleId(id),
  owner: ALICE,
  ownerIsAdmin: false,
  timing: { kind: 'once', at: 1_000 },
  missedRuns: 'run-once',
  request: { to: [aChannel('user:alice')], title: 'Shipped', priority: 'normal' },
  state: 'active',
  nextRunAt: 1_000,
  createdAt: 1,
  ...set,
});

const idsOf = (schedules: readonly Schedule[]): readonly string[] => schedules.map(({ id }) => id);

export const scheduleStoreContract = (harness: Harness<Fixture<ScheduleStore>>): void =>
  contract('ScheduleStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.add(aSchedule('a'));
      expect(await other.port.find(scheduleId('a'))).toBeUndefined();
    });

    promises('what is found is what was added', async open => {
      const { port } = await open();
      const once = aSchedule('once', { ownerIsAdmin: true });
      const { nextRunAt: _, ...paused } = aSchedule('paused', {
        timing: { kind: 'cron', pattern: '0 9 * * MON', timeZone: 'Europe/Berlin' },
        missedRuns: 'skip',
        state: 'paused',
        request: {
          to: [aChannel('user:alice'), aChannel('broadcast')],
          title: 'Grüße 🎉',
          body: '',
          data: { list: [1, 2.5, null] },
          category: 'orders',
          priority: 'high',
          expiresAt: 1_800_000_000_000,
        },
      });
      for (const schedule of [once, paused]) await port.add(schedule);
      for (const schedule of [once, paused]) expect(await port.find(schedule.id)).toEqual(schedule);
      expect(await port.find(scheduleId('never'))).toBeUndefined();
    });

    promises('of many that are changed or deleted at once, each is told whether it was', async open => {
      const { port } = await open();
      const schedules = ['a', 'b', 'c', 'd'].map(id => aSchedule(id));
      for (const schedule of schedules) await port.add(schedule);
      const [a, b, c, d] = schedules as [Schedule, Schedule, Schedule, Schedule];
      const changed = await Promise.all([
        port.change(a, { state: 'paused' }),
        port.change({ ...b, nextRunAt: 7 }, { state: 'active', nextRunAt: 8 }),
        port.change(c, { state: 'active', nextRunAt: 9 }),
        port.change(c, { state: 'active', nextRunAt: 10 }),
      ]);
      expect(changed).toEqual([true, false, true, false]);
      const ids = [d.id, scheduleId('never'), b.id, d.id];
      expect(await Promise.all(ids.map(id => port.delete(id)))).toEqual([true, false, true, false]);
      const { nextRunAt: _, ...paused } = a;
      expect(await port.list({ limit: 10 })).toEqual([
        { ...paused, state: 'paused' },
        { ...c, nextRunAt: 9 },
      ]);
    });

    promises('adding one of an id that is there does nothing', async open => {
      const { port } = await open();
      await port.add(aSchedule('a'));
      await port.add(aSchedule('a', { owner: BOB }));
      expect((await port.find(scheduleId('a')))?.owner).toBe(ALICE);
      expect(await port.count(BOB)).toBe(0);
    });

    promises('pages go in the order of ids, of one user or of all', async open => {
      const { port } = await open();
      for (const id of ['d', 'a', 'c', 'b'])
        await port.add(aSchedule(id, { owner: id === 'c' ? BOB : ALICE }));
      expect(idsOf(await port.list({ limit: 3 }))).toEqual(['a', 'b', 'c']);
      expect(idsOf(await port.list({ after: scheduleId('c'), limit: 3 }))).toEqual(['d']);
      expect(idsOf(await port.list({ owner: ALICE, limit: 10 }))).toEqual(['a', 'b', 'd']);
      expect(await port.count(ALICE)).toBe(3);
    });

    promises('active ones are due when their time has come, the one due longest first', async open => {
      const { port } = await open();
      for (const [id, nextRunAt] of [
        ['late', 300],
        ['first', 100],
        ['next', 200],
        ['later', 301],
      ] as const)
        await port.add(aSchedule(id, { nextRunAt }));
      const { nextRunAt: _, ...paused } = aSchedule('paused', { state: 'paused' });
      await port.add(paused);
      expect(idsOf(await port.due(300, 10))).toEqual(['first', 'next', 'late']);
      expect(idsOf(await port.due(300, 2))).toEqual(['first', 'next']);
      expect(await port.due(99, 10)).toEqual([]);
    });

    promises('one is changed unless it has changed since it was read', async open => {
      const { port } = await open();
      const read = aSchedule('a');
      await port.add(read);
      expect(await port.change(read, { state: 'active', nextRunAt: 2_000 })).toBe(true);
      expect(await port.change(read, { state: 'active', nextRunAt: 3_000 })).toBe(false);
      const since = { ...read, nextRunAt: 2_000 };
      expect(await port.find(read.id)).toEqual(since);
      expect(await port.change(since, { state: 'paused' })).toBe(true);
      const { nextRunAt: _, ...paused } = { ...read, state: 'paused' as const };
      expect(await port.find(read.id)).toEqual(paused);
      expect(await port.due(5_000, 10)).toEqual([]);
      expect(await port.change(since, { state: 'active', nextRunAt: 4_000 })).toBe(false);
      expect(await port.change(paused, { state: 'active', nextRunAt: 4_000 })).toBe(true);
    });

    promises('one that was changed to and fro is due once, when it is now to be', async open => {
      const { port } = await open();
      const one = aSchedule('a', { nextRunAt: 100 });
      await port.add(one);
      await port.change(one, { state: 'active', nextRunAt: 300 });
      await port.change({ ...one, nextRunAt: 300 }, { state: 'active', nextRunAt: 200 });
      expect(await port.due(199, 10)).toEqual([]);
      for (const _ of ['once', 'again']) expect(idsOf(await port.due(1_000, 10))).toEqual(['a']);
      await port.delete(one.id);
      expect(await port.due(1_000, 10)).toEqual([]);
      await port.add(one);
      expect(idsOf(await port.due(1_000, 10))).toEqual(['a']);
    });

    promises('of many changes at once, exactly one is made', async open => {
      const { port } = await open();
      const read = aSchedule('a');
      await port.add(read);
      const changes = Array.from({ length: 10 }, (_, index) =>
        port.change(read, { state: 'active', nextRunAt: 2_000 + index }),
      );
      expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
    });

    promises('what was deleted is gone, and is not changed', async open => {
      const { port } = await open();
      const read = aSchedule('a');
      await port.add(read);
      expect(await port.delete(read.id)).toBe(true);
      expect(await port.delete(read.id)).toBe(false);
      expect(await port.find(read.id)).toBeUndefined();
      expect(await port.change(read, { state: 'paused' })).toBe(false);
      expect(await port.count(ALICE)).toBe(0);
    });

    promises(
      'what one instance writes, another over the same storage sees',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const twin = await twinOf(fixture);
        await fixture.port.add(aSchedule('a'));
        expect(idsOf(await twin.due(1_000, 10))).toEqual(['a']);
      },
    );
  });
