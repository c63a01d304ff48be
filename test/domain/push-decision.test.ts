import { describe, expect, test } from 'vitest';
import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import type { Category } from '../../src/domain/category.ts';
import { categoriesOf, DEFAULT_CATEGORY } from '../../src/domain/category.ts';
import type { CategoryPreferences, Preferences } from '../../src/domain/preferences.ts';
import { preferred } from '../../src/domain/preferences.ts';
import type { ToDecide } from '../../src/domain/push-decision.ts';
import { decidePush } from '../../src/domain/push-decision.ts';

const cron = new CronerCron();

const at = (text: string): number => Date.parse(`${text}Z`);
const NIGHT = { start: '22:00', end: '07:00', urgentPasses: false } as const;
const ORDERS: Category = { ...DEFAULT_CATEGORY, name: 'orders' };

const decide = (
  given: Partial<ToDecide>,
  preferences: Partial<Preferences> = {},
  orders?: CategoryPreferences,
) =>
  decidePush({
    category: ORDERS,
    timeZone: 'UTC',
    priority: 'normal',
    now: at('2026-03-10T12:00:00'),
    next: (pattern, timeZone, after) => cron.next(pattern, timeZone, after),
    ...given,
    preferences: { categories: orders === undefined ? {} : { orders }, ...preferences },
  });

describe('A push', () => {
  test('is allowed where nothing speaks against it', () => {
    expect(decide({})).toEqual({ kind: 'push', rule: 'allowed' });
  });

  test('is none where the category has none, or the user wants none', () => {
    const off = { kind: 'drop', rule: 'push-off' };
    expect(decide({ category: { ...ORDERS, push: false } })).toEqual(off);
    expect(decide({}, {}, { push: false })).toEqual(off);
    expect(decide({ category: { ...ORDERS, push: false } }, {}, { push: true }).kind).toBe('push');
  });

  test.each([
    ['in quiet hours', '22:00', '2026-03-11T07:00:00'],
    ['after midnight', '06:59', '2026-03-10T07:00:00'],
  ])('is held %s until they are over', (_, time, until) => {
    expect(decide({ now: at(`2026-03-10T${time}:00`) }, { quietHours: NIGHT })).toEqual({
      kind: 'hold',
      rule: 'quiet-hours',
      until: at(until),
    });
  });

  test.each(['07:00', '21:59'])('is not held at %s', time => {
    expect(decide({ now: at(`2026-03-10T${time}:00`) }, { quietHours: NIGHT }).kind).toBe('push');
  });

  test('is held by the clocks of the quiet hours, or else of the user', () => {
    const now = at('2026-03-10T21:30:00');
    const inBerlin = { ...NIGHT, timeZone: 'Europe/Berlin' };
    expect(decide({ now }, { quietHours: inBerlin })).toMatchObject({ until: at('2026-03-11T06:00:00') });
    expect(decide({ now, timeZone: 'Europe/Berlin' }, { quietHours: NIGHT })).toMatchObject({
      until: at('2026-03-11T06:00:00'),
    });
    expect(decide({ now, timeZone: 'Europe/Berlin' }, { quietHours: { ...NIGHT, timeZone: 'UTC' } })).toEqual(
      {
        kind: 'push',
        rule: 'allowed',
      },
    );
  });

  test('of high priority passes quiet hours where they let it, and says why', () => {
    const given = { now: at('2026-03-10T23:00:00'), priority: 'high' } as const;
    expect(decide(given, { quietHours: { ...NIGHT, urgentPasses: true } })).toEqual({
      kind: 'push',
      rule: 'urgent',
    });
    expect(decide(given, { quietHours: NIGHT }).kind).toBe('hold');
    expect(
      decide({ ...given, priority: 'normal' }, { quietHours: { ...NIGHT, urgentPasses: true } }).kind,
    ).toBe('hold');
  });

  test.each(['normal', 'high'] as const)('of %s priority is dropped until a mute is over', priority => {
    const [now, later] = [at('2026-03-10T12:00:00'), at('2026-03-10T12:00:01')];
    const muted = { kind: 'drop', rule: 'muted' };
    expect(decide({ now, priority }, { muteUntil: later })).toEqual(muted);
    expect(decide({ now, priority }, {}, { muteUntil: later })).toEqual(muted);
    expect(decide({ now: later, priority }, { muteUntil: later }, { muteUntil: now }).kind).toBe('push');
    expect(decide({ now, priority }, { categories: { other: { muteUntil: later } } }).kind).toBe('push');
  });

  test('is collected where there is a digest, but for high priority', () => {
    const category: Category = { ...ORDERS, pushAfterMs: 5_000, digest: { every: 'day', at: '09:00' } };
    expect(decide({ category })).toEqual({
      kind: 'digest',
      rule: 'digest',
      at: at('2026-03-11T09:00:00'),
      since: at('2026-03-10T08:59:55'),
    });
    expect(decide({ category, priority: 'high' }).kind).toBe('push');
    expect(decide({ category }, {}, { digest: null }).kind).toBe('push');
    expect(decide({ category }, {}, { digest: { every: 'week', on: 'sunday', at: '18:30' } })).toMatchObject({
      at: at('2026-03-15T18:30:00'),
    });
  });

  test('is collected beyond quiet hours', () => {
    const category: Category = { ...ORDERS, pushAfterMs: 0, digest: { every: 'hour' } };
    const window = { at: at('2026-03-11T07:00:00'), since: at('2026-03-10T21:00:00') };
    for (const now of ['2026-03-10T21:30:00', '2026-03-11T06:30:00'])
      expect(decide({ category, now: at(now) }, { quietHours: NIGHT })).toMatchObject(window);
  });

  test('carries its cap, and the digest that the rest goes to', () => {
    const drop = { max: 3, windowMs: 3_600_000, over: 'drop' } as const;
    expect(decide({ category: { ...ORDERS, cap: drop } })).toEqual({
      kind: 'push',
      rule: 'allowed',
      cap: drop,
    });
    expect(decide({ category: { ...ORDERS, cap: drop } }, {}, { cap: null })).toEqual({
      kind: 'push',
      rule: 'allowed',
    });
    const digest = { ...drop, over: 'digest' } as const;
    expect(decide({ now: at('2026-03-10T12:30:00') }, {}, { cap: digest })).toMatchObject({
      cap: digest,
      overflow: { at: at('2026-03-10T13:00:00'), since: at('2026-03-10T11:59:55') },
    });
    const daily: Category = { ...ORDERS, cap: digest, digest: { every: 'day', at: '09:00' } };
    expect(decide({ category: daily, priority: 'high' })).toMatchObject({
      overflow: { at: at('2026-03-11T09:00:00') },
    });
  });
});

describe('Categories', () => {
  test('are those configured, and one for all the others', () => {
    const categories = categoriesOf([{ ...ORDERS, push: false }]);
    expect(categories('orders').push).toBe(false);
    expect(categories(undefined)).toEqual(DEFAULT_CATEGORY);
    for (const name of ['other', 'toString']) expect(categories(name)).toEqual({ ...DEFAULT_CATEGORY, name });
    const silent = { ...DEFAULT_CATEGORY, push: false };
    expect(categoriesOf([silent])('other')).toEqual({ ...silent, name: 'other' });
  });

  test('are as a user wants them, of whatever name', () => {
    const odd = { ...DEFAULT_CATEGORY, name: 'constructor' };
    expect(preferred(odd, { categories: {} })).toEqual(odd);
    expect(preferred(odd, { categories: { constructor: { screen: false } } })).toEqual({
      ...odd,
      screen: false,
    });
  });
});
