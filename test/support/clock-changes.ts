import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

const ZONES = Intl.supportedValuesOf('timeZone');

/** A daily time as it ought to come on a date: at that time, the first of two, or else when the clocks have changed. */
export const dueOn = (date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): number => {
  const local = date.toPlainDateTime(time);
  const due = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (due.toPlainDateTime().equals(local)) return due.epochMilliseconds;
  const change = due.getTimeZoneTransition('next');
  if (change === null) throw new Error(`${local} is skipped in ${timeZone}, and its clocks do not change`);
  return change.epochMilliseconds;
};

/** When the clocks are changed in a year. */
export const changesOf = (timeZone: string, year: number): readonly Temporal.ZonedDateTime[] => {
  const changes: Temporal.ZonedDateTime[] = [];
  let at = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.year > year) return changes;
    changes.push(next);
    at = next;
  }
};

/** Any zone, and any of the 20 years to come. */
export const zoneAndYear = {
  timeZone: fc.constantFrom(...ZONES),
  year: fc.integer({ min: 2025, max: 2045 }),
};

/** Any time of day; half of them around midnight, when clocks are changed. */
export const timeOfDay = fc
  .record({
    hour: fc.oneof(fc.constantFrom(0, 1, 2, 3, 23), fc.integer({ min: 0, max: 23 })),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ hour, minute }) => new Temporal.PlainTime(hour, minute));
