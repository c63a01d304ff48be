import { expect } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export const clockContract = (harness: Harness<Fixture<Clock>>): void =>
  contract('Clock', harness, promises => {
    promises('two clocks do not call each other back', async open => {
      const [one, other] = [await open(), await open()];
      let calls = 0;
      const cancel = one.port.after(50, () => calls++);
      await other.advance(1);
      expect(calls).toBe(0);
      cancel();
    });

    promises('time never goes back, and passes', async open => {
      const { port, advance } = await open();
      const before = port.now();
      await advance(20);
      expect(port.now()).toBeGreaterThanOrEqual(before + 20);
    });

    promises('the time is in whole ms since 1970', async open => {
      const { port } = await open();
      expect(Number.isInteger(port.now())).toBe(true);
      expect(port.now()).toBeGreaterThan(Date.UTC(2025, 0, 1));
    });

    promises('a callback comes once, and no sooner than asked', async open => {
      const { port, advance } = await open();
      const dueAt = port.now() + 20;
      const calledAt: number[] = [];
      port.after(20, () => calledAt.push(port.now()));
      await advance(40);
      await advance(40);
      expect(calledAt).toHaveLength(1);
      expect(calledAt[0]).toBeGreaterThanOrEqual(dueAt);
    });

    promises('a callback without delay comes too, but not before the caller is done', async open => {
      const { port, advance } = await open();
      let calls = 0;
      port.after(0, () => calls++);
      expect(calls).toBe(0);
      await advance(5);
      expect(calls).toBe(1);
    });

    promises('callbacks come in the order of falling due', async open => {
      const { port, advance } = await open();
      const order: string[] = [];
      port.after(40, () => order.push('third'));
      port.after(1, () => order.push('first'));
      port.after(20, () => order.push('second'));
      await advance(60);
      expect(order).toEqual(['first', 'second', 'third']);
    });

    promises('a cancelled callback never comes, and the others do', async open => {
      const { port, advance } = await open();
      const called: string[] = [];
      const cancel = port.after(10, () => called.push('cancelled'));
      port.after(10, () => called.push('kept'));
      cancel();
      cancel();
      await advance(40);
      expect(called).toEqual(['kept']);
    });

    promises('cancelling what has run does nothing', async open => {
      const { port, advance } = await open();
      const called: string[] = [];
      const cancel = port.after(1, () => called.push('run'));
      await advance(20);
      port.after(1, () => called.push('later'));
      cancel();
      await advance(20);
      expect(called).toEqual(['run', 'later']);
    });

    promises('a callback may ask for the next one', async open => {
      const { port, advance } = await open();
      const start = port.now();
      let last = 0;
      port.after(10, () => port.after(10, () => (last = port.now())));
      await advance(60);
      expect(last).toBeGreaterThanOrEqual(start + 20);
    });

    promises('sleeping lasts as long as asked', async open => {
      const { port, advance } = await open();
      let awake = false;
      const sleeping = sleep(port, 50).then(() => (awake = true));
      await advance(1);
      expect(awake).toBe(false);
      await advance(80);
      await sleeping;
      expect(awake).toBe(true);
    });

    promises('each callback finds its own time, to the ms', ['manual-time'], async open => {
      const { port, advance } = await open();
      const start = port.now();
      const calledAt: number[] = [];
      for (const delayMs of [7_200_000, 1, 600_000]) {
        port.after(delayMs, () => calledAt.push(port.now() - start));
      }
      await advance(7_200_000);
      expect(calledAt).toEqual([1, 600_000, 7_200_000]);
    });

    promises('what a callback sets going is done before the next one comes', ['manual-time'], async open => {
      const { port, advance } = await open();
      const steps: string[] = [];
      port.after(1, () => void sleep(port, 1).then(() => steps.push('after the first')));
      port.after(3, () => steps.push('second'));
      await advance(3);
      expect(steps).toEqual(['after the first', 'second']);
    });
  });
