import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import { MemoryScheduleStore } from '../../src/adapters/local/memory-schedule-store.ts';
import { MemoryUserDirectory } from '../../src/adapters/local/memory-user-directory.ts';
import type { Channel } from '../../src/domain/channel.ts';
import { userId } from '../../src/domain/ids.ts';
import type { MissedRuns, Timing } from '../../src/domain/schedule.ts';
import { ManageSchedules } from '../../src/domain/use-cases/manage-schedules.ts';
import type { Notify } from '../../src/domain/use-cases/notify.ts';
import { RunDue } from '../../src/domain/use-cases/run-due.ts';
import { RunTimes } from '../../src/domain/use-cases/run-times.ts';
import { Schedule } from '../../src/domain/use-cases/schedule.ts';
import type { ScheduleStore } from '../../src/ports/schedule-store.ts';
import { aChannel, anIdentity } from './builders.ts';
import type { WorldOptions } from './world.ts';
import { aWorld } from './world.ts';

export const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000];
export const ALICE = aChannel('user:alice');
export const alice = anIdentity({ user: userId('alice') });
export const bob = anIdentity({ user: userId('bob') });
export const admin = anIdentity({ user: userId('shop'), admin: true });

export const REQUEST = { to: [ALICE], title: 'Shipped', priority: 'normal' } as const;

/** Schedules over a world whose clock is at nine in the morning of a Monday, UTC. */
export const aCalendar = async (options: WorldOptions = {}) => {
  const world = aWorld(options);
  const { clock, ids } = world;
  await clock.advance(Date.parse('2027-03-01T09:00:00Z') - clock.now());
  const [schedules, users] = [new MemoryScheduleStore(), new MemoryUserDirectory()];
  const times = new RunTimes({ cron: new CronerCron(), users });
  const runDue = (store: ScheduleStore = schedules, notify: Pick<Notify, 'execute'> = world.notify) =>
    new RunDue({ ...world, times, schedules: store, notify: notify as Notify }).execute();
  /** When a channel was told, as days, hours and minutes, UTC. */
  const toldOf = async (channel: Channel): Promise<readonly string[]> => {
    const { messages } = await world.store.read(channel, { limit: 100 });
    return messages.map(({ sentAt }) => new Date(sentAt).toISOString().slice(5, 16));
  };
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
    toldOf,
    told: () => toldOf(ALICE),
  };
};

export const at = (text: string): Timing => ({ kind: 'once', at: Date.parse(text) });
export const cron = (pattern: string, timeZone = 'UTC'): Timing => ({ kind: 'cron', pattern, timeZone });
