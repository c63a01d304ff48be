import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { DeliveryQueueLimits } from '../../src/adapters/local/memory-delivery-queue.ts';
import { MemoryDeliveryQueue } from '../../src/adapters/local/memory-delivery-queue.ts';
import type { DeliveryJob } from '../../src/domain/delivery.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { aJob } from '../support/builders.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from '../support/fakes.ts';
import { deliveryQueueContract } from './delivery-queue.contract.ts';

const aQueue = (limits: Partial<DeliveryQueueLimits> = {}) => {
  const clock = new ManualClock();
  const [logger, metrics] = [new RecordingLogger(), new RecordingMetrics()];
  const queue = new MemoryDeliveryQueue({ clock, ids: new SequentialIds(), logger, metrics, limits });
  return { queue, clock, logger, metrics };
};

deliveryQueueContract({
  name: 'MemoryDeliveryQueue',
  open: async limits => {
    const { queue, clock } = aQueue(limits);
    return {
      port: queue,
      clock,
      advance: ms => clock.advance(ms),
      consume: consumer => queue.consume(consumer),
    };
  },
});

describe('MemoryDeliveryQueue', () => {
  const collect = (queue: MemoryDeliveryQueue): DeliveryJob[] => {
    const jobs: DeliveryJob[] = [];
    queue.consume(async job => {
      jobs.push(job);
    });
    return jobs;
  };

  test('gives jobs out within microtasks, in the order of enqueuing', async () => {
    const { queue } = aQueue();
    const got = collect(queue);
    const jobs = [aJob(), aJob(), aJob()];
    await queue.enqueue(jobs);
    await Promise.resolve();
    expect(got).toEqual(jobs);
  });

  test('drops a job that waits already, and gives it out again once it has been given out', async () => {
    const { queue, clock } = aQueue();
    const got = collect(queue);
    const job = aJob();
    await queue.enqueue([job], 1_000);
    await queue.enqueue([job], 1_000);
    await clock.advance(1_000);
    expect(got).toEqual([job]);
    await queue.enqueue([job]);
    await clock.advance(0);
    expect(got).toEqual([job, job]);
  });

  test('never takes a job for a duplicate that is for other connections', async () => {
    const { queue, clock } = aQueue();
    const got = collect(queue);
    const job = aJob({ connectionIds: [connectionId('a'), connectionId('b')] });
    const shifted = { ...job, connectionIds: [connectionId('b'), connectionId('c')] };
    await queue.enqueue([job], 1_000);
    await queue.enqueue([shifted], 1_000);
    await clock.advance(1_000);
    expect(got).toEqual([job, shifted]);
  });

  test('refuses a batch that it has no room for as a whole, and has room again when jobs are done', async () => {
    const { queue, clock } = aQueue({ maxJobs: 3 });
    const jobs = [aJob(), aJob()];
    await queue.enqueue(jobs);
    await expect(queue.enqueue([aJob(), aJob()])).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    });
    const got = collect(queue);
    await clock.advance(0);
    expect(got).toEqual(jobs);
    await expect(queue.enqueue([aJob(), aJob()])).resolves.toBeUndefined();
  });

  test('redrives no more than it has room for', async () => {
    const { queue } = aQueue({ maxJobs: 2 });
    await queue.enqueue([aJob()]);
    for (const job of [aJob(), aJob()]) await queue.deadLetter(job, 'gave up');
    expect(await queue.redrive(10)).toBe(1);
    expect(await queue.deadLetters(10)).toHaveLength(1);
  });

  test('has no more jobs at work than allowed, and a consumer that hangs holds its place no longer than allowed', async () => {
    const { queue, clock } = aQueue({ concurrency: 2, visibilityTimeoutMs: 30_000 });
    const started: string[] = [];
    queue.consume(({ id }) => {
      started.push(id);
      return new Promise(() => {});
    });
    const jobs = [aJob(), aJob(), aJob()];
    await queue.enqueue(jobs);
    await clock.advance(29_999);
    expect(started).toEqual(jobs.slice(0, 2).map(({ id }) => id));
    await clock.advance(1);
    expect(started.slice(2, 3)).toEqual(jobs.slice(2).map(({ id }) => id));
  });

  test('takes no notice of a consumer that fails after its time', async () => {
    const { queue, clock } = aQueue({ visibilityTimeoutMs: 1_000 });
    const receives: number[] = [];
    let fail = (_: Error) => {};
    queue.consume((_, { receiveCount }) => {
      receives.push(receiveCount);
      return receiveCount > 1 ? Promise.resolve() : new Promise((_, reject) => (fail = reject));
    });
    await queue.enqueue([aJob()]);
    await clock.advance(1_000);
    fail(new Error('too late'));
    await clock.advance(60_000);
    expect(receives).toEqual([1, 2]);
  });

  test('has one timer however many jobs wait', async () => {
    const { queue, clock } = aQueue();
    for (let delayMs = 1_000; delayMs > 900; delayMs--) await queue.enqueue([aJob()], delayMs);
    expect(clock.pending).toBe(1);
  });

  test('says which job it gave up, and counts it', async () => {
    const { queue, clock, logger, metrics } = aQueue({ maxReceives: 1 });
    queue.consume(async () => {
      throw new Error('gateway is down');
    });
    const job = aJob();
    await queue.enqueue([job]);
    await clock.advance(0);
    const fields = { jobId: job.id, messageId: job.message.id, cause: 'gateway is down' };
    const event = 'delivery-queue.gave-up';
    expect(logger.of(event)).toEqual([{ level: 'error', event, fields }]);
    expect(metrics.counted('failures_total', { where: 'delivery-queue' })).toBe(1);
  });

  test('drops the oldest dead letter when there are too many, says so, and counts it', async () => {
    const { queue, logger, metrics } = aQueue({ maxDeadLetters: 2 });
    const jobs = [aJob(), aJob(), aJob()];
    for (const job of jobs) await queue.deadLetter(job, 'gave up');
    expect((await queue.deadLetters(10)).map(({ job }) => job)).toEqual(jobs.slice(1));
    expect(logger.of('dead-letter.dropped')).toMatchObject([
      { level: 'warn', fields: { jobId: jobs[0]?.id } },
    ]);
    expect(metrics.counted('failures_total', { where: 'dead-letter-queue' })).toBe(1);
  });

  test('is drained when nothing waits and nothing is at work, delayed jobs included', async () => {
    const { queue, clock } = aQueue();
    const got = collect(queue);
    await queue.drain();
    await queue.enqueue([aJob()], 5_000);
    let drained = false;
    const draining = queue.drain().then(() => (drained = true));
    await clock.advance(4_999);
    expect(drained).toBe(false);
    await clock.advance(1);
    await draining;
    expect(got).toHaveLength(1);
  });
});
