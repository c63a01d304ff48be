import { expect } from 'vitest';
import { scheduleId } from '../../src/domain/schedule.ts';
import type { Alarm, Scheduler } from '../../src/ports/scheduler.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export interface SchedulerFixture extends Fixture<Scheduler> {
  /** Who was woken for what, in the order in which it happened. */
  readonly woken: readonly Alarm[];
  wokenAtLeast(count: number): Promise<void>;
  /** Alarms that are set for a time far away. */
  kept(): Promise<readonly Alarm[]>;
}

const HOUR_MS = 3_600_000;
const [FIRST, SECOND] = [scheduleId('sch_first'), scheduleId('sch_second')];

export const schedulerContract = (harness: Harness<SchedulerFixture>): void =>
  contract('Scheduler', harness, promises => {
    promises('wakes at a time that is near, and not before', async open => {
      const { port, clock, woken, advance, wokenAtLeast } = await open();
      const alarm = { schedule: FIRST, at: clock.now() + 2_000 };
      await port.wake(alarm);
      expect(woken).toEqual([]);
      await advance(2_000);
      await wokenAtLeast(1);
      expect(woken).toEqual([alarm]);
      expect(clock.now()).toBeGreaterThanOrEqual(alarm.at);
    });

    promises('wakes at once for a time that has passed', async open => {
      const { port, clock, woken, wokenAtLeast } = await open();
      await port.wake({ schedule: FIRST, at: clock.now() - HOUR_MS });
      await wokenAtLeast(1);
      expect(woken).toMatchObject([{ schedule: FIRST }]);
    });

    promises('wakes at a time that is far away', ['far-away-times'], async open => {
      const { port, clock, advance, wokenAtLeast, woken } = await open();
      const alarm = { schedule: FIRST, at: clock.now() + 24 * HOUR_MS };
      await port.wake(alarm);
      await advance(24 * HOUR_MS);
      await wokenAtLeast(1);
      expect(woken).toEqual([alarm]);
    });

    promises('keeps one alarm of each schedule for times that are far away', async open => {
      const { port, clock, kept } = await open();
      const [first, second] = [
        { schedule: FIRST, at: clock.now() + HOUR_MS },
        { schedule: SECOND, at: clock.now() + 9_000 * HOUR_MS },
      ];
      await port.wake(first);
      await port.wake(second);
      expect(await kept()).toEqual([first, second]);
    });

    promises('puts an alarm in the place of the one before it', async open => {
      const { port, clock, kept } = await open();
      const now = clock.now();
      await port.wake({ schedule: FIRST, at: now + HOUR_MS });
      await port.wake({ schedule: FIRST, at: now + 2 * HOUR_MS });
      await port.wake({ schedule: FIRST, at: now + 2 * HOUR_MS });
      expect(await kept()).toEqual([{ schedule: FIRST, at: now + 2 * HOUR_MS }]);
    });

    promises('keeps one of those that are set at once', async open => {
      const { port, clock, kept } = await open();
      const alarms = [1, 2, 3, 4].map(hours => ({ schedule: FIRST, at: clock.now() + hours * HOUR_MS }));
      await Promise.all(alarms.map(alarm => port.wake(alarm)));
      const left = await kept();
      expect(left).toHaveLength(1);
      expect(alarms).toContainEqual(left[0]);
    });

    promises('keeps none that was cancelled, and sets it again when asked', async open => {
      const { port, clock, kept } = await open();
      const [first, second] = [FIRST, SECOND].map(schedule => ({ schedule, at: clock.now() + HOUR_MS }));
      if (first === undefined || second === undefined) throw new Error('there are two');
      await port.wake(first);
      await port.wake(second);
      await port.cancel(FIRST);
      expect(await kept()).toEqual([second]);
      await port.wake(first);
      expect(await kept()).toEqual([first, second]);
    });

    promises('cancels nothing twice, and nothing that is not set, without a word', async open => {
      const { port, clock, kept } = await open();
      await port.cancel(FIRST);
      await port.wake({ schedule: FIRST, at: clock.now() + HOUR_MS });
      await port.cancel(FIRST);
      await port.cancel(FIRST);
      expect(await kept()).toEqual([]);
    });
  });
