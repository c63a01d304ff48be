import { causeOf, FanfareError } from '../../domain/errors.ts';
import type { Message } from '../../domain/message.ts';
import type { RetryPolicy } from '../../domain/retry.ts';
import { fullJitterMs } from '../../domain/retry.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { Fifo } from './fifo.ts';
import { Soon } from './soon.ts';

export interface EventBusLimits {
  /** Handlers at work at once. */
  readonly concurrency: number;
  /** Messages accepted and not handled yet; one more has to wait for room. */
  readonly maxMessages: number;
  /** How long a publisher waits for room before it is refused. */
  readonly publishWaitMs: number;
  /** How often a message is tried again that its handler failed on. */
  readonly maxRetries: number;
  readonly retry: RetryPolicy;
}

export const DEFAULT_EVENT_BUS_LIMITS: EventBusLimits = {
  concurrency: 64,
  maxMessages: 10_000,
  publishWaitMs: 5_000,
  maxRetries: 5,
  retry: { baseDelayMs: 100, maxDelayMs: 5_000 },
};

export interface MemoryEventBusOptions {
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits?: Partial<EventBusLimits>;
}

export type MessageHandler = (message: Message) => Promise<void>;

/** One handler's work on one message. */
interface Task {
  readonly handler: MessageHandler;
  readonly message: Message;
  readonly failures: number;
}

interface Publisher {
  readonly messages: readonly Message[];
  /** So many of them are with the bus. */
  accepted: number;
  readonly letGo: () => void;
}

/** What was accepted is lost with the process; an outage of it is the only thing between a message and its handler. */
export class MemoryEventBus implements EventBus {
  readonly #options: MemoryEventBusOptions;
  readonly #limits: EventBusLimits;
  readonly #handlers: MessageHandler[] = [];
  readonly #queued = new Fifo<Message>();
  readonly #dueRetries = new Fifo<Task>();
  /** Those who wait for room, the longest waiting first. */
  readonly #publishers = new Set<Publisher>();
  /** Queued, at work, or between two tries. */
  #unhandled = 0;
  #atWork = 0;
  readonly #startSoon = new Soon(() => this.#start());
  #drained: (() => void)[] = [];

  constructor(options: MemoryEventBusOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_EVENT_BUS_LIMITS, ...options.limits };
  }

  async publish(messages: readonly Message[]): Promise<void> {
    // Whoever waits took what room there was, so nobody is overtaken here.
    const accepted = this.#accept(messages, 0);
    if (accepted < messages.length) await this.#waitForRoom(messages, accepted);
  }

  /**
   * Hands every message to the handler, in the order of publishing as far as starting it goes. What was published
   * before there was any handler waits for the first one.
   */
  subscribe(handler: MessageHandler): void {
    this.#handlers.push(handler);
    this.#startSoon.ask();
  }

  /** Resolves when everything accepted so far, or meanwhile, is handled or given up. */
  async drain(): Promise<void> {
    if (this.#unhandled > 0) await new Promise<void>(resolve => this.#drained.push(resolve));
  }

  /** Takes as many as there is room for. @returns the index of the first that was not taken */
  #accept(messages: readonly Message[], from: number): number {
    const until = Math.min(messages.length, from + this.#limits.maxMessages - this.#unhandled);
    if (until <= from) return from;
    for (const message of messages.slice(from, until)) this.#queued.push(message);
    this.#unhandled += until - from;
    this.#startSoon.ask();
    return until;
  }

  #waitForRoom(messages: readonly Message[], accepted: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(this.#limits.publishWaitMs, () => {
        this.#publishers.delete(publisher);
        reject(new FanfareError('unavailable', `${this.#limits.maxMessages} messages wait to be fanned out`));
      });
      const letGo = () => {
        cancel();
        resolve();
      };
      const publisher: Publisher = { messages, accepted, letGo };
      this.#publishers.add(publisher);
    });
  }

  #admitPublishers(): void {
    for (const publisher of this.#publishers) {
      publisher.accepted = this.#accept(publisher.messages, publisher.accepted);
      if (publisher.accepted < publisher.messages.length) return;
      this.#publishers.delete(publisher);
      publisher.letGo();
    }
  }

  #start(): void {
    while (this.#handlers.length > 0 && this.#atWork < this.#limits.concurrency) {
      const retry = this.#dueRetries.take();
      const message = retry === undefined ? this.#queued.take() : undefined;
      if (retry !== undefined) void this.#run(retry);
      else if (message !== undefined) this.#startAll(message);
      else return;
    }
  }

  #startAll(message: Message): void {
    this.#unhandled += this.#handlers.length - 1;
    for (const handler of this.#handlers) void this.#run({ handler, message, failures: 0 });
  }

  async #run(task: Task): Promise<void> {
    this.#atWork++;
    try {
      await task.handler(task.message);
      this.#finish();
    } catch (error) {
      this.#fail(task, error);
    }
    this.#atWork--;
    this.#start();
  }

  #finish(): void {
    this.#unhandled--;
    this.#admitPublishers();
    if (this.#unhandled > 0) return;
    for (const resolve of this.#drained) resolve();
    this.#drained = [];
  }

  #fail(task: Task, error: unknown): void {
    const { clock, ids, logger, metrics } = this.#options;
    if (task.failures < this.#limits.maxRetries) {
      const delayMs = fullJitterMs(this.#limits.retry, task.failures, ids.random());
      clock.after(delayMs, () => {
        this.#dueRetries.push({ ...task, failures: task.failures + 1 });
        this.#start();
      });
      return;
    }
    const { id, channel, offset } = task.message;
    logger.error('fan-out.gave-up', { messageId: id, channel, offset, cause: causeOf(error) });
    metrics.count('failures_total', { where: 'event-bus' });
    this.#finish();
  }
}
