import fc from 'fast-check';
import type { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import { DEFAULT_CATEGORY } from '../../src/domain/category.ts';
import type { Digest } from '../../src/domain/digest.ts';
import { digestWindow } from '../../src/domain/digest.ts';
import type { LocalTime, NextTime } from '../../src/domain/local-time.ts';
import { WEEKDAYS } from '../../src/domain/local-time.ts';
import { decidePush } from '../../src/domain/push-decision.ts';
import { quietUntil } from '../../src/domain/quiet-hours.ts';
import { changesOf, dueOn, timeOfDay, zoneAndYear } from '../support/clock-changes.ts';

const cron = new CronerCron();
const next: NextTime = (pattern, timeZone, after) => cron.next(pattern, timeZone, after);

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RUNS = 150;

const written = (time: Temporal.PlainTime): LocalTime => time.toString().slice(0, 5) as LocalTime;

/** Two that differ. */
const quietTimes = fc
  .record({ start: timeOfDay, end: timeOfDay })
  .filter(({ start, end }) => !start.equals(end));

/** The nights (or days) around a date, as Temporal has them: each from its start until its end. */
const nightsAround = (
  date: Temporal.PlainDate,
  { start, end }: { readonly start: Temporal.PlainTime; readonly end: Temporal.PlainTime },
  timeZone: string,
): readonly { readonly from: number; readonly until: number }[] =>
  [-3, -2, -1, 0, 1, 2, 3].map(days => {
    const evening = date.add({ days });
    const morning = written(start) < written(end) ? evening : evening.add({ days: 1 });
    return { from: dueOn(evening, start, timeZone), until: dueOn(morning, end, timeZone) };
  });

describe('Quiet hours', () => {
  test('are on from each start until its end, wherever and however the clocks are changed', () => {
    const given = fc.record({
      ...zoneAndYear,
      times: quietTimes,
      offsetMs: fc.integer({ min: -36, max: 36 }),
    });
    fc.assert(
      fc.property(given, ({ timeZone, year, times, offsetMs }) => {
        const hours = { start: written(times.start), end: written(times.end), urgentPasses: false };
        for (const change of changesOf(timeZone, year)) {
          const nights = nightsAround(change.toPlainDate(), times, timeZone);
          const edges = nights.slice(2, -2).flatMap(({ from, until }) => [from, until]);
          const moments = [...edges, change.epochMilliseconds].flatMap(at => [at - 1, at, at + 1]);
          for (const now of [...moments, change.epochMilliseconds + offsetMs * HOUR_MS]) {
            let until: number | undefined;
            for (const night of nights)
              if (night.from <= (until ?? now) && (until ?? now) < night.until) until = night.until;
            expect(quietUntil(hours, timeZone, now, next)).toBe(until);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

const digests: fc.Arbitrary<Digest> = fc.oneof(
  fc.constant<Digest>({ every: 'hour' }),
  timeOfDay.map((time): Digest => ({ every: 'day', at: written(time) })),
  fc
    .tuple(timeOfDay, fc.constantFrom(...WEEKDAYS))
    .map(([time, on]): Digest => ({ every: 'week', on, at: written(time) })),
);

describe('Digests', () => {
  test('take each moment into exactly one window, with quiet hours or without, on change days too', () => {
    const given = fc.record({
      ...zoneAndYear,
      digest: digests,
      quiet: fc.option(quietTimes, { nil: undefined }),
    });
    fc.assert(
      fc.property(given, ({ timeZone, year, digest, quiet }) => {
        const quietHours = quiet && {
          start: written(quiet.start),
          end: written(quiet.end),
          urgentPasses: false,
        };
        const windowOf = (now: number) => digestWindow(digest, { quietHours, timeZone }, now, next);
        for (const { epochMilliseconds } of changesOf(timeZone, year).slice(0, 2)) {
          let window = windowOf(epochMilliseconds - 30 * HOUR_MS);
          for (const end = epochMilliseconds + 30 * HOUR_MS; window.at < end; ) {
            expect(window.since).toBeLessThan(window.at);
            if (quietHours) expect(quietUntil(quietHours, timeZone, window.at, next)).toBeUndefined();
            // All of its moments are of this window alone, from the first to the last.
            const middle = Math.floor((window.since + window.at) / 2);
            for (const now of [window.since, middle, window.at - 1]) expect(windowOf(now)).toEqual(window);
            const following = windowOf(window.at);
            expect(following.since).toBe(window.at);
            window = following;
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('come once on every day at their time', () => {
    fc.assert(
      fc.property(fc.record({ ...zoneAndYear, time: timeOfDay }), ({ timeZone, year, time }) => {
        const digest: Digest = { every: 'day', at: written(time) };
        for (const change of changesOf(timeZone, year)) {
          for (const days of [-1, 0, 1]) {
            const date = change.toPlainDate().add({ days });
            const [at, since] = [
              dueOn(date, time, timeZone),
              dueOn(date.subtract({ days: 1 }), time, timeZone),
            ];
            expect(digestWindow(digest, { timeZone }, at - 1, next)).toEqual({ at, since });
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('A decision', () => {
  const muting = fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined });
  const given = fc.record({
    timeZone: zoneAndYear.timeZone,
    now: fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2045-01-01') }),
    quiet: fc.option(quietTimes, { nil: undefined }),
    urgentPasses: fc.boolean(),
    digest: fc.option(digests, { nil: undefined }),
    push: fc.boolean(),
    priority: fc.constantFrom('low', 'normal', 'high'),
    muted: muting,
    mutedOwn: muting,
  });

  test('goes by the first rule that holds, and what is held may go when it says so', () => {
    fc.assert(
      fc.property(
        given,
        ({ timeZone, now, quiet, urgentPasses, digest, push, priority, muted, mutedOwn }) => {
          const quietHours = quiet && { start: written(quiet.start), end: written(quiet.end), urgentPasses };
          const until = (hours: number | undefined) => hours && now + hours * HOUR_MS;
          const preferences = {
            quietHours,
            muteUntil: until(muted),
            categories: { default: { push, digest, muteUntil: until(mutedOwn) } },
          };
          const decide = (at: number) =>
            decidePush({ category: DEFAULT_CATEGORY, preferences, timeZone, priority, now: at, next });
          const decision = decide(now);
          const isQuiet = quietHours && quietUntil(quietHours, timeZone, now, next) !== undefined;
          const isUrgent = priority === 'high';

          const expected = (): object => {
            if (!push) return { kind: 'drop', rule: 'push-off' };
            if (Math.max(muted ?? 0, mutedOwn ?? 0) > 0) return { kind: 'drop', rule: 'muted' };
            if (digest && !isUrgent) return { kind: 'digest', rule: 'digest' };
            if (!isQuiet) return { kind: 'push', rule: 'allowed' };
            return isUrgent && urgentPasses ? { kind: 'push', rule: 'urgent' } : { kind: 'hold' };
          };
          expect(decision).toMatchObject(expected());
          if (decision.kind !== 'hold') return;
          expect(decision.until).toBeGreaterThan(now);
          expect(decide(decision.until)).toEqual({ kind: 'push', rule: 'allowed' });
        },
      ),
      { numRuns: 500 },
    );
  });
});
