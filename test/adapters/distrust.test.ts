import { describe, expect, test } from 'vitest';
import { Distrust } from '../../src/adapters/caching/distrust.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';

describe('Distrust', () => {
  test('of more keys than there is room for is of all, until the last would have ended', async () => {
    const clock = new ManualClock();
    const distrust = new Distrust({ clock, lastingMs: 1_000, maxKeys: 2 });
    for (const key of ['a', 'b']) distrust.add(key);
    expect(['a', 'b', 'c'].map(key => distrust.has(key))).toEqual([true, true, false]);
    await clock.advance(500);
    distrust.add('c');
    await clock.advance(999);
    expect(['a', 'd'].map(key => distrust.has(key))).toEqual([true, true]);
    await clock.advance(1);
    expect(distrust.has('a')).toBe(false);
  });
});
