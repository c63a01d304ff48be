import { expect } from 'vitest';
import type { DeliveryJob } from '../../../src/domain/delivery.ts';
import { aJob } from '../../support/builders.ts';
import type { DeliveryQueuePromises } from './jobs.ts';
import { byId, SHORT, TRIES_MS } from './jobs.ts';

/** A job that was not done comes again, and keeps no other back. */
export const retrying = (promises: DeliveryQueuePromises): void => {
  promises(
    'a job that its consumer failed on comes again, and is told how often it came',
    ['limits'],
    async open => {
      const { port, consume, advance } = await open(SHORT);
      const job = aJob();
      const receives: { job: DeliveryJob; receiveCount: number }[] = [];
      consume(async (each, { receiveCount }) => {
        receives.push({ job: each, receiveCount });
        if (receiveCount < 3) throw new Error('not yet');
      });
      await port.enqueue([job]);
      await advance(TRIES_MS);
      expect(receives).toEqual([1, 2, 3].map(receiveCount => ({ job, receiveCount })));
      expect(await port.deadLetters(10)).toEqual([]);
    },
  );

  promises('a job that its consumer fails on keeps no other back', async open => {
    const { port, consume, advance } = await open();
    const poison = aJob();
    const others = Array.from({ length: 20 }, () => aJob());
    const handled: DeliveryJob[] = [];
    consume(async job => {
      if (job.id === poison.id) throw new Error('never');
      handled.push(job);
    });
    await port.enqueue([poison, ...others]);
    await advance(0);
    expect(byId(handled)).toEqual(byId(others));
  });

  promises('a job whose consumer does not answer in time is given out again', ['limits'], async open => {
    const { port, consume, advance } = await open(SHORT);
    const receives: number[] = [];
    let release = () => {};
    consume((_, { receiveCount }) => {
      receives.push(receiveCount);
      return receiveCount > 1 ? Promise.resolve() : new Promise(resolve => (release = resolve));
    });
    await port.enqueue([aJob()]);
    await advance(1_000);
    expect(receives).toEqual([1]);
    await advance(TRIES_MS);
    expect(receives).toEqual([1, 2]);
    release();
    await advance(TRIES_MS);
    expect(receives).toEqual([1, 2]);
    expect(await port.deadLetters(10)).toEqual([]);
  });

  promises('a job at work is left alone while another falls due', ['limits'], async open => {
    const { port, consume, advance } = await open({ visibilityTimeoutMs: 10_000, maxReceives: 3 });
    const receives: string[] = [];
    const [slow, delayed] = [aJob(), aJob()];
    let release = () => {};
    consume(({ id }) => {
      receives.push(id);
      return id === delayed.id ? Promise.resolve() : new Promise(resolve => (release = resolve));
    });
    await port.enqueue([slow]);
    await port.enqueue([delayed], 1_000);
    await advance(2_000);
    release();
    await advance(0);
    expect(receives).toEqual([slow.id, delayed.id]);
  });

  promises('a consumer that answers in time is not given the job again', ['limits'], async open => {
    const { port, clock, consume, advance } = await open(SHORT);
    let receives = 0;
    consume(() => {
      receives++;
      return new Promise(resolve => clock.after(1_000, resolve));
    });
    await port.enqueue([aJob()]);
    await advance(TRIES_MS);
    expect(receives).toBe(1);
  });
};
