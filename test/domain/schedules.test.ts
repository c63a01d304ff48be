import { describe, expect, test } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { MessageStore } from '../../src/ports/message-store.ts';
import type { ScheduleStore } from '../../src/ports/schedule-store.ts';
import { anIdentity } from '../support/builders.ts';
import {
  ALICE,
  aCalendar,
  alice,
  at,
  cron,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  REQUEST,
} from '../support/calendar.ts';
import { FailingStore } from '../support/faults.ts';

describe('A schedule', () => {
  test('for one time is run once, at that time, and is gone', async () => {
    const { add, live, told, schedules } = await aCalendar();
    await add(at('2027-03-01T09:30:00Z'));
    await live(29 * MINUTE_MS);
    expect(await told()).toEqual([]);
    await live(DAY_MS);
    expect(await told()).toEqual(['03-01T09:30']);
    expect(await schedules.list({ limit: 10 })).toEqual([]);
  });

  test('by a pattern is run by the clock on the wall, also when it is changed', async () => {
    const { add, schedules, runDue, world } = await aCalendar();
    // On 28 March 2027 the clocks of Berlin go from 2 to 3.
    const { id } = await add(cron('30 8 27-29 * *', 'Europe/Berlin'));
    const runs: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { nextRunAt = 0 } = (await schedules.find(id)) ?? {};
      await world.clock.advance(nextRunAt - world.clock.now());
      await runDue();
      runs.push(new Date(nextRunAt).toISOString().slice(5, 16));
    }
    expect(runs).toEqual(['03-27T07:30', '03-28T06:30', '03-29T06:30']);
    expect(world.metrics.counted('schedule_runs_total', { outcome: 'sent' })).toBe(3);
  });

  test('is run as whom it is of', async () => {
    const { add, live, world } = await aCalendar();
    await add(at('2027-03-01T09:30:00Z'));
    await live(HOUR_MS);
    expect((await world.store.read(ALICE, { limit: 1 })).messages[0]?.from).toBe('alice');
  });

  test('that was missed again and again is made up for once, and goes on', async () => {
    const { add, live, told, world } = await aCalendar();
    await add(cron('0 * * * *'));
    await world.clock.advance(5 * HOUR_MS + 30 * MINUTE_MS);
    await live(HOUR_MS);
    expect(await told()).toEqual(['03-01T14:31', '03-01T15:00']);
  });

  test('that was missed is skipped where that is asked for', async () => {
    const { add, live, told, world } = await aCalendar();
    await add(cron('0 * * * *'), 'skip');
    await add(at('2027-03-01T10:00:00Z'), 'skip');
    await world.clock.advance(5 * HOUR_MS + 30 * MINUTE_MS);
    await live(HOUR_MS);
    expect(await told()).toEqual(['03-01T15:00']);
    expect(world.metrics.counted('schedule_runs_total', { outcome: 'skipped' })).toBe(2);
  });

  test('whose run was sent by one who died before saying so is not sent again', async () => {
    const { add, runDue, told, world, schedules } = await aCalendar();
    await add(at('2027-03-01T09:30:00Z'));
    await world.clock.advance(30 * MINUTE_MS);
    const dying = Object.assign(Object.create(schedules) as ScheduleStore, {
      due: schedules.due.bind(schedules),
      delete: () => Promise.reject(new Error('killed')),
    });
    await runDue(dying);
    expect(await told()).toHaveLength(1);
    await runDue();
    expect(await told()).toHaveLength(1);
    expect(await schedules.list({ limit: 10 })).toEqual([]);
  });

  test('that several look at at once is sent once', async () => {
    const { add, runDue, told, world } = await aCalendar();
    await add(cron('*/5 * * * *'));
    await world.clock.advance(5 * MINUTE_MS);
    await Promise.all([runDue(), runDue(), runDue()]);
    expect(await told()).toHaveLength(1);
  });

  test('that cannot be sent for now is sent when it can', async () => {
    const store = (good: MessageStore) => new FailingStore(good, { channel: ALICE, failures: 3 });
    const { add, live, told, world } = await aCalendar({ store });
    await add(at('2027-03-01T09:30:00Z'));
    await live(HOUR_MS);
    expect(await told()).toEqual(['03-01T09:33']);
    expect(world.metrics.counted('schedule_runs_total', { outcome: 'postponed' })).toBe(3);
  });

  test('that is refused for good is told of, and holds up no other', async () => {
    const { schedule, add, live, told, world, schedules } = await aCalendar();
    const expiring = { ...REQUEST, expiresAt: Date.parse('2027-03-01T09:31:00Z') };
    await schedule.execute({
      identity: alice,
      request: expiring,
      timing: at('2027-03-01T09:30:30Z'),
      missedRuns: 'run-once',
    });
    await world.clock.advance(40 * MINUTE_MS);
    await add(at('2027-03-01T09:45:00Z'));
    await live(10 * MINUTE_MS);
    expect(await told()).toEqual(['03-01T09:45']);
    expect(world.logger.of('schedule.refused')).toHaveLength(1);
    expect(await schedules.list({ limit: 10 })).toEqual([]);
  });
});

test('A look at what is due says whether it left something', async () => {
  const { schedules, runDue, schedule, world } = await aCalendar();
  const [timing, due] = [at('2027-03-01T09:01:00Z'), 1_001];
  for (let count = 0; count < due; count++) {
    const identity = anIdentity({ user: userId(`shop-${count % 2}`), admin: true });
    await schedule.execute({ identity, request: REQUEST, timing, missedRuns: 'skip' });
  }
  await world.clock.advance(MINUTE_MS);
  expect(await runDue()).toBe('more');
  expect(await runDue()).toBe('done');
  expect(await schedules.list({ limit: 10 })).toEqual([]);
});
