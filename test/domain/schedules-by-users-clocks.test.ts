import { describe, expect, test } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { MissedRuns, Timing } from '../../src/domain/schedule.ts';
import { USER_TIME_ZONE } from '../../src/domain/schedule.ts';
import { aChannel } from '../support/builders.ts';
import { ALICE, aCalendar, admin, DAY_MS, HOUR_MS, REQUEST } from '../support/calendar.ts';

describe('A schedule by the clocks of its users', () => {
  const BOB = aChannel('user:bob');
  const CAROL = aChannel('user:carol');
  const NINE: Timing = { kind: 'cron', pattern: '0 9 * * *', timeZone: USER_TIME_ZONE };

  /** Alice is in Berlin, bob in New York; of carol nothing is known. */
  const aJourney = async (missedRuns: MissedRuns = 'run-once') => {
    const calendar = await aCalendar();
    const { users, schedule } = calendar;
    const live = (user: string, timeZone: string) => users.save(userId(user), { timeZone }, 1);
    await live('alice', 'Europe/Berlin');
    await live('bob', 'America/New_York');
    const request = { ...REQUEST, to: [ALICE, BOB, CAROL] };
    const made = await schedule.execute({ identity: admin, request, timing: NINE, missedRuns });
    return { ...calendar, made, move: live };
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
