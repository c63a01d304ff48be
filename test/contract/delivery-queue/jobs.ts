import type { DeliveryJob } from '../../../src/domain/delivery.ts';
import type { DeliveryQueue } from '../../../src/ports/delivery-queue.ts';
import type { Fixture, Promises } from '../../support/harness.ts';

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

export type DeliveryQueuePromises = Promises<DeliveryQueueFixture, DeliveryQueueBounds>;

/** Longer than any wait between two tries of a job, with the visibility timeout that the tests set. */
export const TRIES_MS = 10_000;
export const SHORT = { visibilityTimeoutMs: 2_000, maxReceives: 3 };

export const received = ({ consume }: DeliveryQueueFixture): DeliveryJob[] => {
  const jobs: DeliveryJob[] = [];
  consume(async job => {
    jobs.push(job);
  });
  return jobs;
};

/** At least once, in any order: by id, each once. */
export const byId = (jobs: readonly DeliveryJob[]): ReadonlyMap<string, DeliveryJob> =>
  new Map(jobs.map(job => [job.id, job]));
