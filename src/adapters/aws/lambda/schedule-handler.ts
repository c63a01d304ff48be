import type { RunDue } from '../../../domain/use-cases/run-due.ts';
import type { WakeSchedule } from '../../../domain/use-cases/wake-schedule.ts';
import type { Logger } from '../../../ports/logger.ts';
import { decodeAlarm } from '../scheduling/alarm-record.ts';
import type { LambdaContext } from './events.ts';
import { isMinute, parseEvent, sqsEvent } from './events.ts';
import type { BatchAnswer } from './process-records.ts';
import { processRecords } from './process-records.ts';

export interface ScheduleParts {
  readonly wakeSchedule: WakeSchedule;
  readonly runDue: RunDue;
  /** What is to be done each minute besides. */
  readonly sweep: () => Promise<void>;
  readonly logger: Logger;
}

/** A thousand schedules that are due take some seconds; those that are left then wait for the next minute. */
const LAST_START_MS = 20_000;

/** Alarms from the queue; and each minute whatever is due, since an alarm may not have been set. */
export const scheduleHandler =
  ({ wakeSchedule, runDue, sweep, logger }: ScheduleParts) =>
  async (event: unknown, context: LambdaContext): Promise<BatchAnswer | undefined> => {
    if (isMinute(event)) {
      while ((await runDue.execute()) === 'more' && context.getRemainingTimeInMillis() > LAST_START_MS);
      await sweep();
      return undefined;
    }
    const { Records } = parseEvent(sqsEvent, event);
    return processRecords(Records, context, logger, body => wakeSchedule.execute(decodeAlarm(body)));
  };
