// Longer than most files: one port, one suite, so that an adapter is held to all of its promises or to none.

import fc from 'fast-check';
import { expect } from 'vitest';
import type { DeliveryJob } from '../../src/domain/delivery.ts';
import type { DeliveryQueue } from '../../src/ports/delivery-queue.ts';
import { aJob } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, examplesOf } from '../support/harness.ts';

export interface DeliveryQueueBounds {
  readonly visibilityTimeoutMs: number;
  /** How often a job is given out before it is dead-lettered. */
  readonly maxReceives: number;
}

export type Consumer = (job: DeliveryJob, receive: { readonly receiveCount: number }) => Promise<void>;

export interface DeliveryQueueFixture extends Fixture<DeliveryQueue> {
  /** The receiving end: whatever takes jobs off the queue and gives them to deliver. At the most one. */
  consume(consumer: Consumer): void;
}

/** Longer than any wait between two tries of a job, with the visibility timeout that the tests set. */
const TRIES_MS = 10_000;
const SHORT = { visibilityTimeoutMs: 2_000, maxReceives: 3 };
const FIFTEEN_MINUTES_MS = 900_000;

export const deliveryQueueContract = (harness: Harness<DeliveryQueueFixture, DeliveryQueueBounds>): void =>
  contract('DeliveryQueue', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      const [toOne, toOther] = [received(one), received(other)];
      const job = aJob();
      await one.port.enqueue([job]);
      await one.port.deadLetter(aJob(), 'gave up');
      await one.advance(0);
      await other.advance(0);
      expect(toOne).toEqual([job]);
      expect(toOther).toEqual([]);
      expect(await other.port.deadLetters(10)).toEqual([]);
      expect(await other.port.redrive(10)).toBe(0);
    });

    promises('every job reaches the consumer, as it was enqueued', async open => {
      const fixture = await open();
      const got = received(fixture);
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: 25 }), async count => {
          got.length = 0;
          const jobs = Array.from({ length: count }, () => aJob({ attempt: 2 }));
          await fixture.port.enqueue(jobs);
          // A platform whose time is real may need some on a busy machine.
          for (let looks = 0; looks === 0 || (got.length < count && looks < 50); looks += 1) {
            await fixture.advance(looks === 0 ? 0 : 100);
          }
          expect(byId(got)).toEqual(byId(jobs));
        }),
        examplesOf(harness),
      );
    });

    promises('what was enqueued before anyone consumed waits for the first who does', async open => {
      const fixture = await open();
      const job = aJob();
      await fixture.port.enqueue([job]);
      const got = received(fixture);
      await fixture.advance(0);
      expect(got).toEqual([job]);
    });

    promises('a delayed job does not come before its time, and comes then', async open => {
      const fixture = await open();
      const got = received(fixture);
      const job = aJob();
      await fixture.port.enqueue([job], 3_000);
      await fixture.advance(1_000);
      expect(got).toEqual([]);
      await fixture.advance(3_000);
      expect(got).toEqual([job]);
    });

    promises('a delay is kept to the ms, up to 15 minutes', ['manual-time'], async open => {
      const { port, clock, consume, advance } = await open();
      const start = clock.now();
      const cameAfter = new Map<string, number>();
      consume(async ({ id }) => {
        cameAfter.set(id, clock.now() - start);
      });
      const delays = [FIFTEEN_MINUTES_MS, 1, 60_000, 59_999, 0];
      for (const delayMs of delays) await port.enqueue([aJob({ id: String(delayMs) })], delayMs);
      await advance(FIFTEEN_MINUTES_MS);
      expect(cameAfter).toEqual(new Map(delays.map(delayMs => [String(delayMs), delayMs])));
    });

    promises('jobs of any delays each come at their own time', ['manual-time'], async open => {
      const { port, clock, consume, advance } = await open();
      const cameAt = new Map<string, number>();
      consume(async ({ id }) => {
        cameAt.set(id, clock.now());
      });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat({ max: 300 }), { maxLength: 40 }), async delays => {
          const due = new Map<string, number>();
          cameAt.clear();
          for (const delayMs of delays) {
            const job = aJob();
            due.set(job.id, clock.now() + delayMs);
            await port.enqueue([job], delayMs);
          }
          await advance(300);
          expect(cameAt).toEqual(due);
        }),
        examplesOf(harness),
      );
    });

    promises('a longer delay than 15 minutes is refused', async open => {
      const { port } = await open();
      await expect(port.enqueue([aJob()], FIFTEEN_MINUTES_MS + 1)).rejects.toMatchObject({ code: 'invalid' });
    });

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

    promises(
      'redriving puts the oldest back, with their attempts at 0, and no more than asked',
      async open => {
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
      },
    );

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
  });

const received = ({ consume }: DeliveryQueueFixture): DeliveryJob[] => {
  const jobs: DeliveryJob[] = [];
  consume(async job => {
    jobs.push(job);
  });
  return jobs;
};

/** At least once, in any order: by id, each once. */
const byId = (jobs: readonly DeliveryJob[]): ReadonlyMap<string, DeliveryJob> =>
  new Map(jobs.map(job => [job.id, job]));
