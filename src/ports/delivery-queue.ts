import type { DeadLetter, DeliveryJob } from '../domain/delivery.ts';

/**
 * Delivery jobs. A consumer gets each at least once, not before its delay is over. A job whose consumer fails, or does
 * not answer within the visibility timeout, is given out again; one that was given out too often is dead-lettered.
 */
export interface DeliveryQueue {
  /**
   * Resolves once every job is safe with the queue.
   *
   * @param delayMs up to 900,000 (SQS: 15 minutes)
   * @throws FanfareError `unavailable` when it could not take them all, `invalid` for a longer delay
   */
  enqueue(jobs: readonly DeliveryJob[], delayMs?: number): Promise<void>;

  /** Gives a job up for good, with the reason. */
  deadLetter(job: DeliveryJob, cause: string): Promise<void>;

  /** The oldest dead letters, at the most `limit`. */
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;

  /** Puts the oldest dead letters, at the most `limit`, back with their attempts at 0. @returns how many */
  redrive(limit: number): Promise<number>;
}
