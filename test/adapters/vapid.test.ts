import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isVapidPair, makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';

test('keys of VAPID are a pair of the lengths that browsers want, and no other pair', () => {
  const other = makeVapidKeys();
  for (let pairs = 0; pairs < 600; pairs++) {
    const keys = makeVapidKeys();
    expect([keys.publicKey.length, keys.privateKey.length]).toEqual([87, 43]);
    expect(isVapidPair(keys)).toBe(true);
    expect(isVapidPair({ ...keys, publicKey: other.publicKey })).toBe(false);
  }
  fc.assert(fc.property(fc.string(), privateKey => !isVapidPair({ ...other, privateKey })));
});
