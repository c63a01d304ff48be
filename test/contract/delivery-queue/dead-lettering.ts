import { expect } from 'vitest';
import { aJob } from '../../support/builders.ts';
import type { DeliveryQueuePromises } from './jobs.ts';
import { byId, received, SHORT, TRIES_MS } from './jobs.ts';

/** A job that was tried in vain is kept, told of, and put back when that is asked for. */
export const deadLettering = (promises: DeliveryQueuePromises): void => {
  promises(
    'a job that was given out too often is dead-lettered, and comes no more',
    ['limits'],
    async open => {
      const { port, consume, advance } = await open(SHORT);
      let receives = 0;
      consume(async () => {
        receives++;
        throw new Error('never');
      });
      const job = aJob();
      await port.enqueue([job]);
      await advance(TRIES_MS);
      await advance(TRIES_MS);
      expect(receives).toBe(3);
      expect((await port.deadLetters(10)).map(letter => letter.job)).toEqual([job]);
    },
  );

  promises('a job that is never answered is dead-lettered too', ['limits'], async open => {
    const { port, consume, advance } = await open(SHORT);
    consume(() => new Promise(() => {}));
    const job = aJob();
    await port.enqueue([job]);
    await advance(TRIES_MS);
    expect((await port.deadLetters(10)).map(letter => letter.job)).toEqual([job]);
  });

  promises(
    'a dead letter says what its consumer last failed on',
    ['limits', 'cause-of-failure'],
    async open => {
      const { port, consume, advance } = await open(SHORT);
      consume(async (_, { receiveCount }) => {
        throw new Error(`failure ${receiveCount}`);
      });
      await port.enqueue([aJob()]);
      await advance(TRIES_MS);
      expect(await port.deadLetters(10)).toMatchObject([{ cause: 'failure 3' }]);
    },
  );

  promises(
    'a job given up by hand is kept, with the reason and the time, and is not given out',
    async open => {
      const fixture = await open();
      const got = received(fixture);
      const job = aJob({ attempt: 5 });
      const before = fixture.clock.now();
      await fixture.port.deadLetter(job, 'throttled (3)');
      await fixture.advance(0);
      const [letter, ...others] = await fixture.port.deadLetters(10);
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ job, cause: 'throttled (3)' });
      expect(letter?.failedAt).toBeGreaterThanOrEqual(before);
      expect(letter?.failedAt).toBeLessThanOrEqual(fixture.clock.now());
      expect(got).toEqual([]);
    },
  );

  promises('dead letters are told the oldest first, and looking takes none away', async open => {
    const { port, advance } = await open();
    const jobs = [aJob(), aJob(), aJob()];
    for (const job of jobs) {
      await port.deadLetter(job, 'gave up');
      await advance(10);
    }
    const look = async (limit: number) => (await port.deadLetters(limit)).map(({ job }) => job);
    expect(await look(2)).toEqual(jobs.slice(0, 2));
    expect(await look(10)).toEqual(jobs);
  });

  promises('redriving puts the oldest back, with their attempts at 0, and no more than asked', async open => {
    const fixture = await open();
    const { port, advance } = fixture;
    const got = received(fixture);
    const jobs = [aJob({ attempt: 5 }), aJob({ attempt: 4 }), aJob({ attempt: 3 })];
    for (const job of jobs) {
      await port.deadLetter(job, 'gave up');
      await advance(10);
    }
    expect(await port.redrive(2)).toBe(2);
    await advance(0);
    expect(byId(got)).toEqual(byId(jobs.slice(0, 2).map(job => ({ ...job, attempt: 0 }))));
    expect((await port.deadLetters(10)).map(({ job }) => job)).toEqual(jobs.slice(2));
    expect(await port.redrive(10)).toBe(1);
    expect(await port.redrive(10)).toBe(0);
    expect(await port.deadLetters(10)).toEqual([]);
  });

  promises('a redriven job has all its tries again', ['limits'], async open => {
    const { port, consume, advance } = await open(SHORT);
    const receives: number[] = [];
    consume(async (_, { receiveCount }) => {
      receives.push(receiveCount);
      throw new Error('never');
    });
    await port.enqueue([aJob()]);
    await advance(TRIES_MS);
    await port.redrive(1);
    await advance(TRIES_MS);
    expect(receives).toEqual([1, 2, 3, 1, 2, 3]);
    expect(await port.deadLetters(10)).toHaveLength(1);
  });
};
