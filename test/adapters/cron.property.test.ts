import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import { changesOf, dueOn, timeOfDay, zoneAndYear } from '../support/clock-changes.ts';

const cron = new CronerCron();
const DAY_MS = 86_400_000;

test('a daily time comes once on every day, wherever and however the clocks are changed', () => {
  fc.assert(
    fc.property(fc.record({ ...zoneAndYear, time: timeOfDay }), ({ timeZone, year, time }) => {
      for (const change of changesOf(timeZone, year)) {
        let date = change.toPlainDate().subtract({ days: 2 });
        let run = dueOn(date, time, timeZone);
        for (let days = 0; days < 4; days++) {
          date = date.add({ days: 1 });
          const next = cron.next(`${time.minute} ${time.hour} * * *`, timeZone, run);
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

test('a time that is skipped with the end of its day comes at once on the next', () => {
  // In Nuuk, clocks go from 23:00 on the 28th to 0:00 on the 29th.
  const [midday, change] = [Date.parse('2026-03-28T12:00:00Z'), Date.parse('2026-03-29T01:00:00Z')];
  for (const pattern of ['0 23 * * *', '59 23 * * *', '30 23 28 3 *', '30 23 * * SAT'])
    expect([pattern, cron.next(pattern, 'America/Nuuk', midday)]).toEqual([pattern, change]);
  const following = Date.parse('2026-03-30T00:30:00Z');
  expect(cron.next('30 23 * * *', 'America/Nuuk', change)).toBe(following);
  expect(cron.next('30 23 * * *', 'America/Nuuk', change - 1)).toBe(change);
});
