import type { DeadPushTask, PushTask, Settled } from '../domain/push-task.ts';
import type { PushQueue } from './push-queue.ts';

/** A task that was given out, to one worker until its lease ends. */
export interface ClaimedTask {
  readonly task: PushTask;
  /** Of this lease. */
  readonly lease: string;
  /** How often it was given out without an answer, this time included. */
  readonly claims: number;
}

/**
 * Work for phones, kept until it is settled. It waits for as long as it has to. Every write is whole or not at all, and
 * is seen by every read that starts after it.
 */
export interface PushTaskStore extends PushQueue {
  /**
   * Gives out what is due, the one that is due longest first. What is not settled within the lease is given out again.
   *
   * @param limit at least 1
   * @param leaseMs at least 1
   */
  claim(now: number, limit: number, leaseMs: number): Promise<readonly ClaimedTask[]>;

  /**
   * Takes a task off, and takes on what follows from it: all or none. One that follows under the same id is the task
   * itself, for later. With a `deadLetter` it is kept, with that reason.
   *
   * @returns false, and does nothing, when the lease was over and somebody else has the task, or had it
   */
  settle(claimed: ClaimedTask, settled: Settled, now: number): Promise<boolean>;

  /** The oldest that were given up, at the most `limit`. */
  deadLetters(limit: number): Promise<readonly DeadPushTask[]>;

  /** Takes the oldest that were given up, at the most `limit`, on again, with no attempts. @returns how many */
  redrive(limit: number, now: number): Promise<number>;

  /** Forgets all work for a user. */
  erase(user: PushTask['user']): Promise<void>;
}
