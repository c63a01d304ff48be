import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { DeliveryQueue } from '../../ports/delivery-queue.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { DeliveryJob } from '../delivery.ts';
import type { DeliveryPolicy } from '../delivery-policy.ts';
import type { ConnectionId } from '../ids.ts';
import type { Message } from '../message.ts';
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
    const { queue, deliver, metrics } = this.#ports;
    let waiting: readonly ConnectionId[] = [];
    let pages = 0;

    const hand = async (connectionIds: readonly ConnectionId[]): Promise<void> => {
      await queue.enqueue([jobFor(message, `p${pages}`, connectionIds)]);
      pages += 1;
    };

    for await (const page of this.#pages(message)) {
      const all = waiting.length === 0 ? page : [...waiting, ...page];
      if (pages === 0 && all.length <= this.#policy.inlineMembers) {
        waiting = all;
        continue;
      }
      const whole = all.length - (all.length % this.#policy.pageSize);
      for (let start = 0; start < whole; start += this.#policy.pageSize) {
        await hand(all.slice(start, start + this.#policy.pageSize));
      }
      waiting = all.slice(whole);
    }

    if (pages > 0) {
      if (waiting.length > 0) await hand(waiting);
      metrics.count('fan_outs_total', { mode: 'queued' });
    } else if (waiting.length > 0) {
      await deliver.execute(jobFor(message, 'inline', waiting), { retryBudgetMs: 0 });
      metrics.count('fan_outs_total', { mode: 'inline' });
    } else {
      metrics.count('fan_outs_total', { mode: 'empty' });
    }
  }

  async *#pages({ channel }: Message): AsyncGenerator<readonly ConnectionId[]> {
    const { registry } = this.#ports;
    const shards = registry.shards(channel);
    for (let shard = 0; shard < shards; shard += 1) {
      let cursor: string | undefined;
      do {
        const page = await registry.members(channel, { shard, limit: this.#policy.pageSize, cursor });
        if (page.connectionIds.length > 0) yield page.connectionIds;
        cursor = page.next;
      } while (cursor !== undefined);
    }
  }
}

export interface FanOutPorts {
  readonly registry: ConnectionRegistry;
  readonly queue: DeliveryQueue;
  readonly deliver: Deliver;
  readonly metrics: Metrics;
}

const jobFor = (message: Message, page: string, connectionIds: readonly ConnectionId[]): DeliveryJob => ({
  id: `${message.id}/${page}`,
  message,
  connectionIds,
  attempt: 0,
});
