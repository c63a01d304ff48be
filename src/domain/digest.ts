import type { LocalTime, NextTime, Weekday } from './local-time.ts';
import { patternOf } from './local-time.ts';
import type { QuietHours } from './quiet-hours.ts';
import { quietUntil } from './quiet-hours.ts';

/** Collects what was not seen, and tells of it together: on the hour, or at a local time. */
export type Digest =
  | { readonly every: 'hour' }
  | { readonly every: 'day'; readonly at: LocalTime }
  | { readonly every: 'week'; readonly on: Weekday; readonly at: LocalTime };

/** What one digest is of, both in ms since 1970. */
export interface DigestWindow {
  /** When it comes. */
  readonly at: number;
  /** When the one before it came, or would have. */
  readonly since: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** At least two digests lie within so long, whatever the clocks are changed by. */
const TWO_MS = { hour: 4 * HOUR_MS, day: 3 * DAY_MS, week: 16 * DAY_MS } as const;

/**
 * The window of a digest that a moment is in: from the one before, up to the one after. One that would come within quiet
 * hours comes at their end, and so do all the others of the same night.
 */
export const digestWindow = (
  digest: Digest,
  { quietHours, timeZone }: { readonly quietHours?: QuietHours; readonly timeZone: string },
  now: number,
  next: NextTime,
): DigestWindow => {
  const pattern = digestPattern(digest);
  const waiting = afterQuiet(latest(pattern, TWO_MS[digest.every], now));
  const following = next(pattern, timeZone, now) ?? now + TWO_MS[digest.every];
  return { at: waiting > now ? waiting : afterQuiet(following), since: before(now) };

  function before(moment: number): number {
    // Those that fell due since quiet hours began have not come yet.
    if (quietHours !== undefined && afterQuiet(moment) !== moment)
      return before(latest(patternOf(quietHours.start), DAY_MS * 3, moment) - 1);
    return afterQuiet(latest(pattern, TWO_MS[digest.every], moment));
  }

  function afterQuiet(moment: number): number {
    return (quietHours && quietUntil(quietHours, timeZone, moment, next)) ?? moment;
  }

  /** The last time of a pattern that is not after a moment. */
  function latest(of: string, withinMs: number, moment: number): number {
    let found = moment - withinMs;
    for (let at: number | undefined = found; at !== undefined && at <= moment; at = next(of, timeZone, at))
      found = at;
    return found;
  }
};

const digestPattern = (digest: Digest): string => {
  switch (digest.every) {
    case 'hour':
      return '0 * * * *';
    case 'day':
      return patternOf(digest.at);
    case 'week':
      return patternOf(digest.at, digest.on);
  }
};
