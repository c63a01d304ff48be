import type { Clock } from '../../ports/clock.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import type { Alarm, Scheduler } from '../../ports/scheduler.ts';
import type { RunDue } from './run-due.ts';

/**
 * What an alarm that goes off is for. One for a run that has been, or is no longer to be, does nothing: whoever changed
 * the schedule's next run has set another.
 */
export class WakeSchedule {
  readonly #ports: WakeSchedulePorts;

  constructor(ports: WakeSchedulePorts) {
    this.#ports = ports;
  }

  async execute(alarm: Alarm): Promise<void> {
    const { schedules, scheduler, runDue, clock } = this.#ports;
    const schedule = await schedules.find(alarm.schedule);
    if (schedule?.nextRunAt !== alarm.at) return;
    if (alarm.at > clock.now()) await scheduler.wake(alarm);
    else await runDue.run(schedule);
  }
}

export interface WakeSchedulePorts {
  readonly schedules: ScheduleStore;
  readonly scheduler: Scheduler;
  readonly runDue: RunDue;
  readonly clock: Clock;
}
