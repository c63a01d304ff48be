import { Cron as Croner } from 'croner';
import { FanfareError } from '../../domain/errors.ts';
import type { Cron } from '../../ports/cron.ts';

/** Minutes to weekdays: what runs more often than once a minute is no notification. */
const MODE = '5-part';

export class CronerCron implements Cron {
  next(pattern: string, timeZone: string, after: number): number | undefined {
    requireTimeZone(timeZone);
    return parse(pattern, timeZone).nextRun(new Date(after))?.getTime();
  }
}

const parse = (pattern: string, timezone: string): Croner => {
  try {
    return new Croner(pattern, { mode: MODE, timezone, paused: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new FanfareError('invalid', `expected minute, hour, day, month and weekday: ${reason}`, {
      field: 'cron',
    });
  }
};

const requireTimeZone = (timeZone: string): void => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new FanfareError('invalid', 'expected an IANA time zone such as Europe/Berlin', {
      field: 'timeZone',
    });
  }
};
