import type { Clock } from '../../ports/clock.ts';
import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { DeliveryQueue } from '../../ports/delivery-queue.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { AtOnce } from '../at-once.ts';
import type { DeliveryJob } from '../delivery.ts';
import type { DeliveryPolicy } from '../delivery-policy.ts';
import type { ConnectionId } from '../ids.ts';
import type { Message } from '../message.ts';
import { reportOf } from '../posting-report.ts';
import type { Deliver } from './deliver.ts';

/**
 * Finds who is to get a message. A small channel is delivered here, in one hop; a large one becomes a job per page.
 * Only the channel's own members are read, never all connections.
 */
export class FanOut {
  readonly #ports: FanOutPorts;
  readonly #policy: DeliveryPolicy;

  constructor(ports: FanOutPorts, policy: DeliveryPolicy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** Safe to repeat: each run covers every member once, and clients drop by offset what they have. */
  async execute(message: Message): Promise<void> {
    const { deliver, metrics } = this.#ports;
    const { inlineMembers, pageSize } = this.#policy;
    const plan = new Plan(message, this.#ports, this.#policy);
    let waiting: readonly ConnectionId[] = [];

    for await (const page of this.#pages(message)) {
      const all = waiting.length === 0 ? page : [...waiting, ...page];
      if (plan.jobs === 0 && all.length <= inlineMembers) {
        waiting = all;
        continue;
      }
      const whole = all.length - (all.length % pageSize);
      for (let start = 0; start < whole; start += pageSize)
        await plan.add(all.slice(start, start + pageSize));
      waiting = all.slice(whole);
    }

    if (plan.jobs > 0) {
      if (waiting.length > 0) await plan.add(waiting);
      await plan.finish();
      metrics.count('fan_outs_total', { mode: 'queued' });
    } else if (waiting.length > 0) {
      await deliver.execute(jobFor(message, 'inline', waiting), { retryBudgetMs: 0 });
      metrics.count('fan_outs_total', { mode: 'inline' });
    } else {
      await this.#tellNobody(message);
      metrics.count('fan_outs_total', { mode: 'empty' });
    }
  }

  async #tellNobody(message: Message): Promise<void> {
    const { trail, clock } = this.#ports;
    const report = reportOf(jobFor(message, 'inline', []));
    if (report !== undefined) await trail.append([report.result([], clock.now())]);
  }

  async *#pages({ channel }: Message): AsyncGenerator<readonly ConnectionId[]> {
    const { registry } = this.#ports;
    const shards = registry.shards(channel);
    for (let shard = 0; shard < shards; shard += 1) {
      let cursor: string | undefined;
      do {
        const page = await registry.members(channel, { shard, limit: this.#policy.readMembers, cursor });
        if (page.connectionIds.length > 0) yield page.connectionIds;
        cursor = page.next;
      } while (cursor !== undefined);
    }
  }
}

/** The jobs of a large channel, handed to the queue some at once, while the next members are read. */
class Plan {
  readonly #message: Message;
  readonly #queue: DeliveryQueue;
  readonly #handedJobs: number;
  readonly #hands: AtOnce;
  #unhanded: DeliveryJob[] = [];
  jobs = 0;

  constructor(message: Message, { queue }: FanOutPorts, { handedJobs, handsUnderWay }: DeliveryPolicy) {
    this.#message = message;
    this.#queue = queue;
    this.#handedJobs = handedJobs;
    this.#hands = new AtOnce(handsUnderWay);
  }

  async add(connectionIds: readonly ConnectionId[]): Promise<void> {
    this.#unhanded.push(jobFor(this.#message, `p${this.jobs}`, connectionIds));
    this.jobs += 1;
    if (this.#unhanded.length === this.#handedJobs) await this.#hand();
  }

  /** Resolves once every job is safe with the queue. */
  async finish(): Promise<void> {
    if (this.#unhanded.length > 0) await this.#hand();
    await this.#hands.done();
  }

  #hand(): Promise<void> {
    const jobs = this.#unhanded;
    this.#unhanded = [];
    return this.#hands.begin(() => this.#queue.enqueue(jobs));
  }
}

export interface FanOutPorts {
  readonly registry: ConnectionRegistry;
  readonly queue: DeliveryQueue;
  readonly deliver: Deliver;
  readonly trail: TrailWriter;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

const jobFor = (message: Message, page: string, connectionIds: readonly ConnectionId[]): DeliveryJob => ({
  id: `${message.id}/${page}`,
  message,
  connectionIds,
  attempt: 0,
});
