import type { ScheduleId } from '../domain/schedule.ts';

/** When a schedule is to be looked at: for its run at that time, in ms since 1970. */
export interface Alarm {
  readonly schedule: ScheduleId;
  readonly at: number;
}

/**
 * Wakes whoever runs schedules, for who cannot keep looking at a clock. It knows nothing of what is due: that is the
 * schedule store's to say, and whoever is woken looks there.
 *
 * It wakes at least once, at the time or earlier, and no more than some seconds later. Who is woken early sets the alarm
 * again. One that was replaced or cancelled may still go off.
 */
export interface Scheduler {
  /** Sets a schedule's alarm, in the place of the one that it has. */
  wake(alarm: Alarm): Promise<void>;

  /** Takes a schedule's alarm away, if it has one. */
  cancel(schedule: ScheduleId): Promise<void>;
}
