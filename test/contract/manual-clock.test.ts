import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { clockContract } from './clock.contract.ts';

clockContract({
  name: 'ManualClock',
  open: async () => {
    const clock = new ManualClock();
    return { port: clock, clock, advance: ms => clock.advance(ms) };
  },
});

test('callbacks of the same ms come in the order of asking, those that are set meanwhile last', async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  clock.after(10, () => {
    order.push('first');
    clock.after(0, () => order.push('third'));
  });
  clock.after(10, () => order.push('second'));
  expect(clock.pending).toBe(2);
  await clock.advance(10);
  expect(order).toEqual(['first', 'second', 'third']);
  expect(clock.pending).toBe(0);
});

test('time never passes backwards', async () => {
  await expect(new ManualClock().advance(-1)).rejects.toThrow(RangeError);
});
