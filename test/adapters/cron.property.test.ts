import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';

const cron = new CronerCron();
const ZONES = Intl.supportedValuesOf('timeZone');
const DAY_MS = 86_400_000;

/** A daily time as it ought to come on a date: at that time, the first of two, or else when the clocks have changed. */
const dueOn = (date: Temporal.PlainDate, time: Temporal.PlainTime, timeZone: string): number => {
  const local = date.toPlainDateTime(time);
  const due = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (due.toPlainDateTime().equals(local)) return due.epochMilliseconds;
  const change = due.getTimeZoneTransition('next');
  if (change === null) throw new Error(`${local} is skipped in ${timeZone}, and its clocks do not change`);
  return change.epochMilliseconds;
};

const changesOf = (timeZone: string, year: number): readonly Temporal.ZonedDateTime[] => {
  const changes: Temporal.ZonedDateTime[] = [];
  let at = Temporal.PlainDate.from({ year, month: 1, day: 1 }).toZonedDateTime(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.year > year) return changes;
    changes.push(next);
    at = next;
  }
};

test('a daily time comes once on every day, wherever and however the clocks are changed', () => {
  const when = fc.record({
    timeZone: fc.constantFrom(...ZONES),
    year: fc.integer({ min: 2025, max: 2045 }),
    // Half of them amid the night, when clocks are changed.
    hour: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
    minute: fc.integer({ min: 0, max: 59 }),
  });
  fc.assert(
    fc.property(when, ({ timeZone, year, hour, minute }) => {
      const time = new Temporal.PlainTime(hour, minute);
      for (const change of changesOf(timeZone, year)) {
        let date = change.toPlainDate().subtract({ days: 2 });
        let run = dueOn(date, time, timeZone);
        for (let days = 0; days < 4; days++) {
          date = date.add({ days: 1 });
          const next = cron.next(`${minute} ${hour} * * *`, timeZone, run);
          expect(new Date(next ?? 0)).toEqual(new Date(dueOn(date, time, timeZone)));
          run = next ?? 0;
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

test('every hour comes once, and an hour after the other, wherever the offset is one of whole hours', () => {
  const when = fc.record({
    timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'America/Santiago', 'Africa/Casablanca'),
    start: fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2045-01-01') }),
  });
  fc.assert(
    fc.property(when, ({ timeZone, start }) => {
      let run = cron.next('0 * * * *', timeZone, start) ?? 0;
      for (const end = run + 2 * DAY_MS; run < end; ) {
        const next = cron.next('0 * * * *', timeZone, run) ?? 0;
        expect(next - run).toBe(3_600_000);
        run = next;
      }
    }),
    { numRuns: 100 },
  );
});
