import { describe, expect, test } from 'vitest';
import { loadAwsConfig } from '../../src/composition/aws-config.ts';
import { parseCategories } from '../../src/composition/categories.ts';
import { loadConfig } from '../../src/composition/config.ts';

const written = (categories: unknown): string =>
  typeof categories === 'string' ? categories : JSON.stringify(categories);
const loadLocal = (categories: unknown) => loadConfig({ FANFARE_CATEGORIES: written(categories) }).categories;
const loadOnAws = (categories: unknown) =>
  parseCategories(loadAwsConfig({ FANFARE_CATEGORIES: written(categories) }).categories);

describe.each([
  ['a server of your own', loadLocal],
  ['AWS', loadOnAws],
])('Categories on %s', (_, load) => {
  test('say what holds for those who have no wishes', () => {
    const categories = {
      orders: { pushAfterSeconds: 0.5, digest: { every: 'week', on: 'monday', at: '09:00' } },
      'bank.codes': {
        screen: false,
        private: true,
        cap: { max: 3, windowSeconds: 3_600 },
      },
      news: { push: false },
    };
    const others = { pushAfterMs: 5_000, screen: true, push: true, private: false };
    expect(load(categories)).toEqual([
      { ...others, name: 'orders', pushAfterMs: 500, digest: { every: 'week', on: 'monday', at: '09:00' } },
      {
        ...others,
        name: 'bank.codes',
        screen: false,
        private: true,
        cap: { max: 3, windowMs: 3_600_000, over: 'drop' },
      },
      { ...others, name: 'news', push: false },
    ]);
    expect(load({})).toEqual([]);
  });

  test.each([
    ['no JSON', 'orders', 'FANFARE_CATEGORIES: expected a JSON object of categories by their names, found'],
    ['an array', [], 'FANFARE_CATEGORIES: expected a JSON object of categories by their names, found "[]"'],
    ['too many', many(101), 'FANFARE_CATEGORIES: expected at most 100 categories, found'],
    ['no options', { orders: true }, 'FANFARE_CATEGORIES.orders: expected an object of options'],
    ['an unknown option', { orders: { pushAfter: 5 } }, 'FANFARE_CATEGORIES.orders.pushAfter: unknown field'],
    ['a bad name', { 'or ders': {} }, 'FANFARE_CATEGORIES.or ders: expected 1 to 64 of A-Z a-z 0-9 . _ -'],
    ['a long wait', { orders: { pushAfterSeconds: 901 } }, 'FANFARE_CATEGORIES.orders.pushAfterSeconds: '],
    [
      'an unknown digest',
      { orders: { digest: { every: 'year' } } },
      'FANFARE_CATEGORIES.orders.digest.every: expected every: hour, day or week',
    ],
    [
      'no time of day',
      { orders: { digest: { every: 'day', at: '24:00' } } },
      'FANFARE_CATEGORIES.orders.digest.at: expected a time of day from 00:00 to 23:59',
    ],
    [
      'no cap',
      { orders: { cap: { max: 0, windowSeconds: 3_600 } } },
      'FANFARE_CATEGORIES.orders.cap.max: Too small',
    ],
  ])('that are %s stop the start, and the category and the option are named', (__, categories, problem) => {
    expect(() => load(categories)).toThrow(problem);
  });
});

function many(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, {}]));
}
