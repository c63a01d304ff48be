import { Cron as Croner } from 'croner';
import { FanfareError } from '../../domain/errors.ts';
import type { Cron } from '../../ports/cron.ts';
import { WallClock } from './wall-clock.ts';

/** Minutes to weekdays: what runs more often than once a minute is no notification. */
const MODE = '5-part';

/** Patterns that are kept parsed, which takes five times as long as to find a next time. */
const MAX_PARSED = 1_000;

interface Parsed {
  readonly inZone: Croner;
  readonly clock: WallClock;
  /** The pattern as the clocks show it; absent where it comes by the hour or the minute, whatever they show. */
  readonly onWall?: Croner;
}

export class CronerCron implements Cron {
  /** The one used longest ago first. */
  readonly #parsed = new Map<string, Parsed>();

  next(pattern: string, timeZone: string, after: number): number | undefined {
    const parsed = this.#parse(pattern, timeZone);
    const run = nextOf(parsed.inZone, after);
    const skipped = skippedOf(parsed, after, run);
    return skipped === undefined || (run !== undefined && run < skipped) ? run : skipped;
  }

  #parse(pattern: string, timeZone: string): Parsed {
    const key = `${timeZone} ${pattern}`;
    const parsed = this.#parsed.get(key) ?? parse(pattern, timeZone);
    this.#parsed.delete(key);
    this.#parsed.set(key, parsed);
    const [oldest] = this.#parsed.keys();
    if (this.#parsed.size > MAX_PARSED && oldest !== undefined) this.#parsed.delete(oldest);
    return parsed;
  }
}

const nextOf = (croner: Croner, after: number): number | undefined =>
  croner.nextRun(new Date(after))?.getTime();

/** Croner forgets a time that is skipped together with the end of its day, as 23:30 is where clocks go from 23:00 to 0:00. */
const skippedOf = ({ onWall, clock }: Parsed, after: number, run: number | undefined): number | undefined => {
  const shown = onWall && nextOf(onWall, clock.shows(after));
  if (shown === undefined || (run !== undefined && clock.shows(run) === shown)) return undefined;
  return clock.changeOver(shown);
};

const parse = (pattern: string, timeZone: string): Parsed => {
  const clock = clockOf(timeZone);
  const [minutes = '', hours = ''] = pattern.trim().split(/\s+/);
  const isByTheClock = !minutes.includes('*') && !hours.includes('*');
  return {
    inZone: parsePattern(pattern, timeZone),
    clock,
    ...(isByTheClock ? { onWall: parsePattern(pattern, 'UTC') } : {}),
  };
};

const parsePattern = (pattern: string, timezone: string): Croner => {
  try {
    return new Croner(pattern, { mode: MODE, timezone, paused: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    throw new FanfareError('invalid', `expected minute, hour, day, month and weekday: ${reason}`, {
      field: 'cron',
    });
  }
};

const clockOf = (timeZone: string): WallClock => {
  try {
    return new WallClock(timeZone);
  } catch {
    throw new FanfareError('invalid', 'expected an IANA time zone such as Europe/Berlin', {
      field: 'timeZone',
    });
  }
};
