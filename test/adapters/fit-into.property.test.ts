import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { Wording } from '../../src/adapters/push/fit-into.ts';
import { fitInto } from '../../src/adapters/push/fit-into.ts';
import { anAlert } from '../contract/push-gateway.contract.ts';

const clock = new ManualClock();
const render = (wording: Wording): string => JSON.stringify({ title: 'Shipped', ...wording });
const said = (set: { readonly body?: string; readonly data?: unknown }, maxBytes: number) => {
  const fitted = fitInto(anAlert({ clock }, set), maxBytes, render);
  if (!fitted.fits) return fitted;
  expect(Buffer.byteLength(fitted.text)).toBeLessThanOrEqual(maxBytes);
  return JSON.parse(fitted.text) as Wording;
};

const FAMILY = '👨‍👩‍👧‍👦';

describe('What an alert says', () => {
  test('is everything, where there is room', () => {
    expect(said({ body: 'On Tuesday', data: { order: 1 } }, 200)).toEqual({
      title: 'Shipped',
      body: 'On Tuesday',
      data: { order: 1 },
    });
  });

  test('is said without its data first, and that is told', () => {
    expect(said({ body: 'On Tuesday', data: 'x'.repeat(200) }, 100)).toEqual({
      title: 'Shipped',
      body: 'On Tuesday',
      dataLeftOut: true,
    });
  });

  test('is cut in its body then, as late as can be', () => {
    const whole = Buffer.byteLength(render({ body: 'On Tuesday' }));
    expect(said({ body: 'On Tuesday' }, whole)).toMatchObject({ body: 'On Tuesday' });
    expect(said({ body: 'On Tuesday' }, whole - 1)).toMatchObject({ body: 'On Tue…' });
  });

  test('is never cut within a character, nor left with a space at its end', () => {
    const room = (body: string) => Buffer.byteLength(render({ body }));
    expect(said({ body: `a${FAMILY}b` }, room(`a…`) + 10)).toMatchObject({ body: 'a…' });
    expect(said({ body: `a ${FAMILY}` }, room(`a …`))).toMatchObject({ body: 'a…' });
  });

  test('is without a body where not one character fits, and too much where the rest does not', () => {
    const least = Buffer.byteLength(render({}));
    expect(said({ body: 'On Tuesday' }, least)).toEqual({ title: 'Shipped' });
    expect(said({ body: 'On Tuesday' }, least - 1)).toEqual({ fits: false, bytes: least });
  });

  test('fits whatever it is, and its body is where it was cut from', () => {
    const bodies = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(FAMILY, '\u0000', '"\\', 'ä')),
    );
    fc.assert(
      fc.property(
        bodies,
        fc.integer({ min: 60, max: 300 }),
        fc.option(fc.json()),
        (parts, maxBytes, data) => {
          const body = parts.join('');
          const found = said({ body, ...(data === null ? {} : { data }) }, maxBytes);
          const shown = 'body' in found ? (found.body ?? '') : '';
          expect(shown === body || body.startsWith(shown.slice(0, -1))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
