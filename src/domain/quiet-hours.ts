import type { LocalTime, NextTime } from './local-time.ts';
import { patternOf } from './local-time.ts';

/** From `start` until `end`, which differs from it and may be on the next day. */
export interface QuietHours {
  readonly start: LocalTime;
  readonly end: LocalTime;
  /** An IANA name; the user's own where absent. */
  readonly timeZone?: string;
  /** Whether what has high priority is pushed all the same. */
  readonly urgentPasses: boolean;
}

/**
 * When quiet hours that are on at a time are over, in ms since 1970; nothing when they are off. They begin and end as
 * their two times come: one that a change of the clocks skips comes right after it, and one that they repeat comes once.
 */
export const quietUntil = (
  { start, end }: QuietHours,
  timeZone: string,
  now: number,
  next: NextTime,
): number | undefined => {
  let until: number | undefined;
  // They may end and begin anew at one moment, where both times are skipped: hence more than once.
  for (let at = now; isQuiet(at); at = until) until = ended(at);
  return until;

  function isQuiet(at: number): boolean {
    const [ends, starts] = [ended(at), next(patternOf(start), timeZone, at)];
    if (starts === undefined) return false;
    return ends < starts || (ends === starts && end < start);
  }

  function ended(at: number): number {
    return next(patternOf(end), timeZone, at) ?? Number.POSITIVE_INFINITY;
  }
};
