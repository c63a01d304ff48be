import { describe, expect, test } from 'vitest';
import type { Timing } from '../../src/domain/schedule.ts';
import { MAX_SCHEDULES } from '../../src/domain/schedule.ts';
import { aCalendar, admin, alice, at, bob, cron, HOUR_MS, MINUTE_MS, REQUEST } from '../support/calendar.ts';

describe('Pausing and resuming', () => {
  test('what is paused is not run, and what was due meanwhile is not made up for', async () => {
    const { add, manage, live, told } = await aCalendar();
    const { id } = await add(cron('0 * * * *'));
    expect(await manage.pause(alice, id)).not.toHaveProperty('nextRunAt');
    await manage.pause(alice, id);
    await live(3 * HOUR_MS + 30 * MINUTE_MS);
    const { nextRunAt } = await manage.resume(alice, id);
    expect(nextRunAt).toBe(Date.parse('2027-03-01T13:00:00Z'));
    expect(await manage.resume(alice, id)).toMatchObject({ nextRunAt });
    await live(HOUR_MS);
    expect(await told()).toEqual(['03-01T13:00']);
  });

  test('what was for a time that has passed cannot be resumed', async () => {
    const { add, manage, live } = await aCalendar();
    const { id } = await add(at('2027-03-01T09:30:00Z'));
    await manage.pause(alice, id);
    await live(HOUR_MS);
    await expect(manage.resume(alice, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a run in between makes a pause try again', async () => {
    const { add, manage, schedules, live, told } = await aCalendar();
    const { id } = await add(cron('0 * * * *'));
    const find = schedules.find.bind(schedules);
    let runs = 0;
    schedules.find = async of => {
      const found = await find(of);
      if (runs++ === 0) await live(HOUR_MS);
      return found;
    };
    expect(await manage.pause(alice, id)).toMatchObject({ state: 'paused' });
    await live(3 * HOUR_MS);
    expect(await told()).toEqual(['03-01T10:00']);
  });
});

describe('Who may do what', () => {
  test('nobody schedules for others but admins', async () => {
    const { schedule } = await aCalendar();
    const command = { request: REQUEST, timing: at('2027-03-01T10:00:00Z'), missedRuns: 'skip' } as const;
    await expect(schedule.execute({ ...command, identity: bob })).rejects.toMatchObject({
      code: 'forbidden',
      field: 'to[0]',
    });
    await schedule.execute({ ...command, identity: admin });
  });

  test("another's schedule is not there, but for admins", async () => {
    const { add, manage } = await aCalendar();
    const { id } = await add(at('2027-03-01T10:00:00Z'));
    const missing = { code: 'not-found', field: 'id' };
    await expect(manage.find(bob, id)).rejects.toMatchObject(missing);
    await expect(manage.pause(bob, id)).rejects.toMatchObject(missing);
    await expect(manage.resume(bob, id)).rejects.toMatchObject(missing);
    await expect(manage.cancel(bob, id)).rejects.toMatchObject(missing);
    expect(await manage.list(bob, { limit: 10 })).toEqual([]);
    expect(await manage.list(admin, { limit: 10 })).toHaveLength(1);
    await manage.cancel(admin, id);
    await expect(manage.find(alice, id)).rejects.toMatchObject(missing);
  });

  test(`a user has at most ${MAX_SCHEDULES}`, async () => {
    const { add } = await aCalendar();
    for (let count = 0; count < MAX_SCHEDULES; count++) await add(at('2027-03-02T10:00:00Z'));
    await expect(add(at('2027-03-02T10:00:00Z'))).rejects.toMatchObject({ code: 'limit-exceeded' });
  });
});

describe('A schedule that cannot be', () => {
  test.each<[string, Timing, string]>([
    ['a time that has passed', at('2027-03-01T08:59:59Z'), 'deliverAt'],
    ['a pattern that is none', cron('every day at nine'), 'cron'],
    ['a pattern with seconds', cron('0 0 9 * * *'), 'cron'],
    ['a pattern that never comes', cron('0 0 30 2 *'), 'cron'],
    ['an unknown time zone', cron('0 9 * * *', 'Mars/Olympus_Mons'), 'timeZone'],
  ])('is refused, and the field named: %s', async (_, timing, field) => {
    const { add, schedules } = await aCalendar();
    await expect(add(timing)).rejects.toMatchObject({ code: 'invalid', field });
    expect(await schedules.list({ limit: 1 })).toEqual([]);
  });

  test.each<[string, Timing]>([
    ['before it is delivered', at('2027-03-01T11:00:00Z')],
    ['beside a pattern', cron('0 9 * * *')],
  ])('what expires %s is refused', async (_, timing) => {
    const { schedule } = await aCalendar();
    const request = { ...REQUEST, expiresAt: Date.parse('2027-03-01T10:00:00Z') };
    const command = { identity: alice, request, timing, missedRuns: 'skip' } as const;
    await expect(schedule.execute(command)).rejects.toMatchObject({
      code: 'invalid',
      field: 'notification.expiresAt',
    });
  });
});
