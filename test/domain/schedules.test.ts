import { describe, expect, test } from 'vitest';
import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import { MemoryScheduleStore } from '../../src/adapters/local/memory-schedule-store.ts';
import { MemoryUserDirectory } from '../../src/adapters/local/memory-user-directory.ts';
import type { Channel } from '../../src/domain/channel.ts';
import { userId } from '../../src/domain/ids.ts';
import type { MissedRuns, Timing } from '../../src/domain/schedule.ts';
import { MAX_SCHEDULES, USER_TIME_ZONE } from '../../src/domain/schedule.ts';
import { ManageSchedules } from '../../src/domain/use-cases/manage-schedules.ts';
import type { Notify } from '../../src/domain/use-cases/notify.ts';
import { RunDue } from '../../src/domain/use-cases/run-due.ts';
import { RunTimes } from '../../src/domain/use-cases/run-times.ts';
import { Schedule } from '../../src/domain/use-cases/schedule.ts';
import type { MessageStore } from '../../src/ports/message-store.ts';
import type { ScheduleStore } from '../../src/ports/schedule-store.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import { FailingStore } from '../support/faults.ts';
import type { WorldOptions } from '../support/world.ts';
import { aWorld } from '../support/world.ts';

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000];
const ALICE = aChannel('user:alice');
const alice = anIdentity({ user: userId('alice') });
const bob = anIdentity({ user: userId('bob') });
const admin = anIdentity({ user: userId('shop'), admin: true });

const REQUEST = { to: [ALICE], title: 'Shipped', priority: 'normal' } as const;

/** Schedules over a world whose clock is at nine in the morning of a Monday, UTC. */
const aCalendar = async (options: WorldOptions = {}) => {
  const world = aWorld(options);
  const { clock, ids } = world;
  await clock.advance(Date.parse('2027-03-01T09:00:00Z') - clock.now());
  const [schedules, users] = [new MemoryScheduleStore(), new MemoryUserDirectory()];
  const times = new RunTimes({ cron: new CronerCron(), users });
  const runDue = (store: ScheduleStore = schedules, notify: Pick<Notify, 'execute'> = world.notify) =>
    new RunDue({ ...world, times, schedules: store, notify: notify as Notify }).execute();
  const schedule = new Schedule({ schedules, times, clock, ids });
  return {
    world,
    schedules,
    users,
    manage: new ManageSchedules({ schedules, times, clock }),
    schedule,
    runDue,
    add: (timing: Timing, missedRuns: MissedRuns = 'run-once') =>
      schedule.execute({ identity: alice, request: REQUEST, timing, missedRuns }),
    /** Lets time pass with a look at what is due each minute, as a server does. */
    live: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += MINUTE_MS) {
        await clock.advance(MINUTE_MS);
        await runDue();
      }
    },
    /** When alice was told, as hours and minutes, UTC. */
    told: async (): Promise<readonly string[]> => {
      const { messages } = await world.store.read(ALICE, { limit: 100 });
      return messages.map(({ sentAt }) => new Date(sentAt).toISOString().slice(5, 16));
    },
  };
};

const at = (text: string): Timing => ({ kind: 'once', at: Date.parse(text) });
const cron = (pattern: string, timeZone = 'UTC'): Timing => ({ kind: 'cron', pattern, timeZone });

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

describe('A schedule by the clocks of its users', () => {
  const BOB = aChannel('user:bob');
  const CAROL = aChannel('user:carol');
  const NINE: Timing = { kind: 'cron', pattern: '0 9 * * *', timeZone: USER_TIME_ZONE };

  /** Alice is in Berlin, bob in New York; of carol nothing is known. */
  const aJourney = async (missedRuns: MissedRuns = 'run-once') => {
    const calendar = await aCalendar();
    const { users, schedule, world } = calendar;
    const live = (user: string, timeZone: string) => users.save(userId(user), { timeZone }, 1);
    await live('alice', 'Europe/Berlin');
    await live('bob', 'America/New_York');
    const request = { ...REQUEST, to: [ALICE, BOB, CAROL] };
    const made = await schedule.execute({ identity: admin, request, timing: NINE, missedRuns });
    const toldOf = async (channel: Channel): Promise<readonly string[]> => {
      const { messages } = await world.store.read(channel, { limit: 100 });
      return messages.map(({ sentAt }) => new Date(sentAt).toISOString().slice(5, 16));
    };
    return { ...calendar, made, move: live, toldOf };
  };

  test('tells each of them at that time where they are, once a day', async () => {
    const { live, toldOf } = await aJourney();
    // A log is read back for a day.
    for (const date of ['03-02', '03-03']) {
      await live(DAY_MS - HOUR_MS);
      expect(await toldOf(ALICE)).toEqual([`${date}T08:00`]);
      await live(HOUR_MS);
      expect(await toldOf(CAROL)).toEqual([`${date}T09:00`]);
    }
    expect(await toldOf(BOB)).toEqual(['03-02T14:00']);
  });

  test('lists its runs wherever they are', async () => {
    const { manage, made } = await aJourney();
    const runs = await manage.nextRuns(made, 4);
    expect(runs.map(run => new Date(run).toISOString().slice(5, 16))).toEqual([
      '03-01T14:00',
      '03-02T08:00',
      '03-02T09:00',
      '03-02T14:00',
    ]);
    expect(await manage.nextRuns(await manage.pause(admin, made.id), 4)).toEqual([]);
  });

  test('makes up once for what each of them missed', async () => {
    const { runDue, toldOf, world, live } = await aJourney();
    await world.clock.advance(DAY_MS);
    await runDue();
    // It is 9:00 of the next day, UTC: of each of them one run was missed, or is due.
    for (const user of [ALICE, BOB, CAROL]) expect(await toldOf(user)).toEqual(['03-02T09:00']);
    await live(12 * HOUR_MS);
    expect(await toldOf(BOB)).toEqual(['03-02T09:00', '03-02T14:00']);
  });

  test('follows who moves, from the run after', async () => {
    const { live, move, toldOf } = await aJourney();
    await move('bob', 'Asia/Tokyo');
    await live(DAY_MS);
    // Nine in New York came, and was nobody's; nine in Tokyo is midnight, UTC.
    expect(await toldOf(BOB)).toEqual(['03-02T00:00']);
  });

  test('is refused for what is no user', async () => {
    const { schedule } = await aCalendar();
    const request = { ...REQUEST, to: [ALICE, aChannel('topic:orders')] };
    await expect(
      schedule.execute({ identity: admin, request, timing: NINE, missedRuns: 'skip' }),
    ).rejects.toMatchObject({ code: 'invalid', field: 'notification.to[1]' });
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
