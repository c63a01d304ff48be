import type { DeadLetter, DeliveryJob } from '../../domain/delivery.ts';
import { causeOf, FanfareError } from '../../domain/errors.ts';
import type { RetryPolicy } from '../../domain/retry.ts';
import { fullJitterMs } from '../../domain/retry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeliveryQueue } from '../../ports/delivery-queue.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { DueHeap } from './due-heap.ts';
import { Fifo } from './fifo.ts';
import { Soon } from './soon.ts';

export interface DeliveryQueueLimits {
  /** Jobs at work at once. */
  readonly concurrency: number;
  /** Jobs waiting and at work. */
  readonly maxJobs: number;
  readonly maxDeadLetters: number;
  /** How long a consumer may take before its job is given out again. */
  readonly visibilityTimeoutMs: number;
  /** How often a job is given out before it is dead-lettered. */
  readonly maxReceives: number;
  /** Between a consumer's failure and the next try. */
  readonly retry: RetryPolicy;
}

export const DEFAULT_DELIVERY_QUEUE_LIMITS: DeliveryQueueLimits = {
  concurrency: 64,
  maxJobs: 100_000,
  maxDeadLetters: 10_000,
  visibilityTimeoutMs: 30_000,
  maxReceives: 5,
  retry: { baseDelayMs: 1_000, maxDelayMs: 30_000 },
};

/** SQS: 15 minutes. */
const LONGEST_DELAY_MS = 900_000;

export interface MemoryDeliveryQueueOptions {
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<DeliveryQueueLimits>;
}

export type JobHandler = (job: DeliveryJob, receive: { readonly receiveCount: number }) => Promise<void>;

interface Held {
  readonly job: DeliveryJob;
  readonly receives: number;
}

/** A job given out. It counts for nothing any more once it has been taken off `#atWork`. */
interface Receipt extends Held {
  /** ms since 1970 */
  readonly answerBy: number;
}

/** What it holds is lost with the process. */
export class MemoryDeliveryQueue implements DeliveryQueue {
  readonly #options: MemoryDeliveryQueueOptions;
  readonly #limits: DeliveryQueueLimits;
  #handler: JobHandler | undefined;
  /** The jobs that wait, delayed or not, by id; the last of those that share one. */
  readonly #waiting = new Map<string, DeliveryJob>();
  readonly #ready = new Fifo<Held>();
  readonly #delayed = new DueHeap<Held>();
  /** The longest at work first. */
  readonly #atWork = new Set<Receipt>();
  #deadLetters: DeadLetter[] = [];
  #alarm: { readonly at: number; readonly cancel: () => void } | undefined;
  readonly #startSoon = new Soon(() => this.#start());
  #drained: (() => void)[] = [];

  constructor(options: MemoryDeliveryQueueOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_DELIVERY_QUEUE_LIMITS, ...options.limits };
  }

  /**
   * A job that waits already is left out.
   *
   * @throws FanfareError `unavailable` when there is no room for all of them; then none is taken
   */
  async enqueue(jobs: readonly DeliveryJob[], delayMs = 0): Promise<void> {
    if (delayMs > LONGEST_DELAY_MS) {
      throw new FanfareError('invalid', `a job cannot be delayed by more than ${LONGEST_DELAY_MS} ms`);
    }
    const fresh = jobs.filter(job => !this.#waits(job));
    if (fresh.length > this.#room) {
      throw new FanfareError('unavailable', `${this.#limits.maxJobs} delivery jobs wait already`);
    }
    for (const job of fresh) this.#hold({ job, receives: 0 }, delayMs);
  }

  async deadLetter(job: DeliveryJob, cause: string): Promise<void> {
    this.#deadLetters.push({ job, cause, failedAt: this.#options.clock.now() });
    if (this.#deadLetters.length <= this.#limits.maxDeadLetters) return;
    this.#options.logger.warn('dead-letter.dropped', { jobId: this.#deadLetters.shift()?.job.id });
    this.#options.metrics.count('failures_total', { where: 'dead-letter-queue' });
  }

  async deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    return this.#deadLetters.slice(0, limit);
  }

  async redrive(limit: number): Promise<number> {
    const letters = this.#deadLetters.splice(0, Math.min(limit, this.#room));
    for (const { job } of letters) this.#hold({ job: { ...job, attempt: 0 }, receives: 0 }, 0);
    return letters.length;
  }

  /** Gives jobs to the handler from now on, in place of the one before it. */
  consume(handler: JobHandler): void {
    this.#handler = handler;
    this.#startSoon.ask();
  }

  /** Resolves when no job waits, delayed ones included, and none is at work. Without a consumer that may be never. */
  async drain(): Promise<void> {
    if (this.#size > 0) await new Promise<void>(resolve => this.#drained.push(resolve));
  }

  get #size(): number {
    return this.#ready.length + this.#delayed.length + this.#atWork.size;
  }

  get #room(): number {
    return Math.max(0, this.#limits.maxJobs - this.#size);
  }

  /** The same id alone is not enough: a second fan-out of one message may cut its pages elsewhere. */
  #waits({ id, connectionIds }: DeliveryJob): boolean {
    const waiting = this.#waiting.get(id)?.connectionIds;
    return (
      waiting?.length === connectionIds.length &&
      waiting.every((each, index) => each === connectionIds[index])
    );
  }

  #hold(held: Held, delayMs: number): void {
    if (this.#waits(held.job)) return;
    this.#waiting.set(held.job.id, held.job);
    if (delayMs > 0) {
      this.#delayed.push(held, this.#options.clock.now() + delayMs);
      this.#setAlarm();
    } else {
      this.#ready.push(held);
      this.#startSoon.ask();
    }
  }

  #start(): void {
    while (this.#handler !== undefined && this.#atWork.size < this.#limits.concurrency) {
      const held = this.#ready.take();
      if (held === undefined) break;
      if (this.#waiting.get(held.job.id) === held.job) this.#waiting.delete(held.job.id);
      void this.#give(this.#handler, held);
    }
    if (this.#size > 0) return;
    for (const resolve of this.#drained) resolve();
    this.#drained = [];
  }

  async #give(handler: JobHandler, { job, receives }: Held): Promise<void> {
    const answerBy = this.#options.clock.now() + this.#limits.visibilityTimeoutMs;
    const receipt: Receipt = { job, receives: receives + 1, answerBy };
    this.#atWork.add(receipt);
    this.#setAlarm();
    try {
      await handler(job, { receiveCount: receipt.receives });
      this.#atWork.delete(receipt);
    } catch (error) {
      if (this.#atWork.delete(receipt)) this.#giveAgain(receipt, causeOf(error), this.#retryDelayMs(receipt));
    }
    this.#start();
  }

  #giveAgain({ job, receives }: Held, cause: string, delayMs: number): void {
    if (receives < this.#limits.maxReceives) {
      this.#hold({ job, receives }, delayMs);
      return;
    }
    this.#options.logger.error('delivery-queue.gave-up', { jobId: job.id, messageId: job.message.id, cause });
    this.#options.metrics.count('failures_total', { where: 'delivery-queue' });
    void this.deadLetter(job, cause);
  }

  #retryDelayMs({ receives }: Held): number {
    return fullJitterMs(this.#limits.retry, receives - 1, this.#options.ids.random());
  }

  /** One timer for the earliest of all that has to happen. One that comes too early is left to find nothing to do. */
  #setAlarm(): void {
    const [longestAtWork] = this.#atWork;
    const at = Math.min(this.#delayed.firstDueAt, longestAtWork?.answerBy ?? Number.POSITIVE_INFINITY);
    if (at === Number.POSITIVE_INFINITY || (this.#alarm !== undefined && this.#alarm.at <= at)) return;
    this.#alarm?.cancel();
    const delayMs = Math.max(0, at - this.#options.clock.now());
    this.#alarm = { at, cancel: this.#options.clock.after(delayMs, () => this.#wake()) };
  }

  #wake(): void {
    const now = this.#options.clock.now();
    this.#alarm = undefined;
    for (const receipt of this.#atWork) {
      if (receipt.answerBy > now) break;
      this.#atWork.delete(receipt);
      this.#giveAgain(receipt, `no answer within ${this.#limits.visibilityTimeoutMs} ms`, 0);
    }
    for (let held = this.#delayed.takeDue(now); held !== undefined; held = this.#delayed.takeDue(now)) {
      this.#ready.push(held);
    }
    this.#start();
    this.#setAlarm();
  }
}
