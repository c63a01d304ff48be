import { describe, expect, test } from 'vitest';
import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import { MemoryScheduleStore } from '../../src/adapters/local/memory-schedule-store.ts';
import { MemoryUserDirectory } from '../../src/adapters/local/memory-user-directory.ts';
import { WakingScheduleStore } from '../../src/adapters/system/waking-schedule-store.ts';
import { userId } from '../../src/domain/ids.ts';
import type { ScheduleId, Timing } from '../../src/domain/schedule.ts';
import { scheduleId } from '../../src/domain/schedule.ts';
import { ManageSchedules } from '../../src/domain/use-cases/manage-schedules.ts';
import { RunDue } from '../../src/domain/use-cases/run-due.ts';
import { RunTimes } from '../../src/domain/use-cases/run-times.ts';
import { Schedule } from '../../src/domain/use-cases/schedule.ts';
import { WakeSchedule } from '../../src/domain/use-cases/wake-schedule.ts';
import type { Alarm, Scheduler } from '../../src/ports/scheduler.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import { aWorld } from '../support/world.ts';

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];
const ALICE = aChannel('user:alice');
const alice = anIdentity({ user: userId('alice') });

/** Rings when a test says so. */
class HandScheduler implements Scheduler {
  readonly alarms = new Map<ScheduleId, Alarm>();
  readonly set: Alarm[] = [];
  broken = false;

  async wake(alarm: Alarm): Promise<void> {
    if (this.broken) throw new Error('no alarm can be set');
    this.alarms.set(alarm.schedule, alarm);
    this.set.push(alarm);
  }

  async cancel(schedule: ScheduleId): Promise<void> {
    if (this.broken) throw new Error('no alarm can be set');
    this.alarms.delete(schedule);
  }
}

/** At nine in the morning of a Monday, UTC. */
const aCalendar = async () => {
  const world = aWorld();
  const { clock, ids } = world;
  await clock.advance(Date.parse('2027-03-01T09:00:00Z') - clock.now());
  const [scheduler, inner] = [new HandScheduler(), new MemoryScheduleStore()];
  const times = new RunTimes({ cron: new CronerCron(), users: new MemoryUserDirectory() });
  const schedules = new WakingScheduleStore({ ...world, inner, scheduler });
  const runDue = new RunDue({ ...world, times, schedules });
  const schedule = new Schedule({ schedules, times, clock, ids });
  return {
    world,
    scheduler,
    schedules,
    runDue,
    manage: new ManageSchedules({ schedules, times, clock }),
    wake: new WakeSchedule({ schedules, scheduler, runDue, clock }),
    add: (timing: Timing) =>
      schedule.execute({
        identity: alice,
        request: { to: [ALICE], title: 'Shipped', priority: 'normal' },
        timing,
        missedRuns: 'run-once',
      }),
    told: async (): Promise<number> => (await world.store.read(ALICE, { limit: 100 })).messages.length,
  };
};

const once = (text: string): Timing => ({ kind: 'once', at: Date.parse(text) });
const HOURLY: Timing = { kind: 'cron', pattern: '0 * * * *', timeZone: 'UTC' };

describe('An alarm', () => {
  test('is set for a schedule as it is made', async () => {
    const { add, scheduler } = await aCalendar();
    const { id } = await add(once('2027-03-01T10:00:00Z'));

    expect(scheduler.set).toEqual([{ schedule: id, at: Date.parse('2027-03-01T10:00:00Z') }]);
  });

  test('that goes off early is set again, and runs nothing yet', async () => {
    const { add, scheduler, wake, world, told } = await aCalendar();
    const { id } = await add(once('2027-03-01T10:00:00Z'));
    const alarm = { schedule: id, at: Date.parse('2027-03-01T10:00:00Z') };
    await world.clock.advance(HOUR_MS - MINUTE_MS);

    await wake.execute(alarm);

    expect(scheduler.set).toEqual([alarm, alarm]);
    expect(await told()).toBe(0);
  });

  test('at its time runs the schedule, once, however often it goes off, and sets the next', async () => {
    const { add, scheduler, wake, world, told } = await aCalendar();
    const { id } = await add(HOURLY);
    const [first] = scheduler.set;
    if (first === undefined) throw new Error('no alarm was set');
    await world.clock.advance(HOUR_MS);

    await wake.execute(first);
    await wake.execute(first);

    expect(await told()).toBe(1);
    expect(scheduler.set).toEqual([first, { schedule: id, at: Date.parse('2027-03-01T11:00:00Z') }]);
  });

  test('of the last run leaves no other', async () => {
    const { add, scheduler, wake, world } = await aCalendar();
    await add(once('2027-03-01T10:00:00Z'));
    const [alarm] = scheduler.set;
    if (alarm === undefined) throw new Error('no alarm was set');
    await world.clock.advance(HOUR_MS);

    await wake.execute(alarm);

    expect(scheduler.alarms.size).toBe(0);
  });

  test.each(['pause', 'cancel'] as const)('goes off in vain after a %s, which takes it away', async verb => {
    const { add, scheduler, wake, world, told, manage } = await aCalendar();
    const { id } = await add(HOURLY);
    const [alarm] = scheduler.set;
    if (alarm === undefined) throw new Error('no alarm was set');
    await manage[verb](alice, id);
    expect(scheduler.alarms.size).toBe(0);
    await world.clock.advance(HOUR_MS);

    await wake.execute(alarm);

    expect(await told()).toBe(0);
  });

  test('is set again as a schedule is resumed', async () => {
    const { add, scheduler, manage } = await aCalendar();
    const { id } = await add(HOURLY);
    await manage.pause(alice, id);
    await manage.resume(alice, id);

    expect([...scheduler.alarms.values()]).toEqual([
      { schedule: id, at: Date.parse('2027-03-01T10:00:00Z') },
    ]);
  });

  test('for a schedule that there never was does nothing', async () => {
    const { wake, told } = await aCalendar();
    await wake.execute({ schedule: scheduleId('sch_none'), at: 1 });
    expect(await told()).toBe(0);
  });

  test('that cannot be set fails nobody: the schedule is kept, and the sweep runs it', async () => {
    const { add, scheduler, schedules, world, runDue, told } = await aCalendar();
    scheduler.broken = true;
    const { id } = await add(HOURLY);
    expect(await schedules.find(id)).toBeDefined();
    await world.clock.advance(HOUR_MS);

    await runDue.execute();

    expect(await told()).toBe(1);
  });
});
