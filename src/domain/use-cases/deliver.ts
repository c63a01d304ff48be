import type { Clock } from '../../ports/clock.ts';
import { sleep } from '../../ports/clock.ts';
import type { ConnectionGateway } from '../../ports/connection-gateway.ts';
import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { DeliveryQueue } from '../../ports/delivery-queue.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MessageEncoder } from '../../ports/message-encoder.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { DeliveryFailure, DeliveryJob } from '../delivery.ts';
import type { DeliveryPolicy } from '../delivery-policy.ts';
import type { ConnectionId } from '../ids.ts';
import type { PostingReport } from '../posting-report.ts';
import { reportOf } from '../posting-report.ts';
import { fullJitterMs } from '../retry.ts';
import type { TrailEvent } from '../trail.ts';
import { brief } from '../trail.ts';
import type { Disconnect } from './disconnect.ts';

export interface DeliverOptions {
  /** How long this run may go on retrying; the policy's when absent. 0 posts once and hands the rest on. */
  readonly retryBudgetMs?: number;
}

/**
 * Brings one message to one page of connections. Those that are gone are pruned at once; the rest that did not get it
 * is retried while the budget lasts, then re-queued, and dead-lettered at the last attempt, or let go of once the
 * notification has expired. Who has got it is never sent it again by this job or those that follow from it. Of a
 * notification, the trail is told before the job is settled: a job whose trail could not be told has failed, and is given
 * out again.
 */
export class Deliver {
  readonly #ports: DeliverPorts;
  readonly #policy: DeliveryPolicy;

  constructor(ports: DeliverPorts, policy: DeliveryPolicy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  async execute(job: DeliveryJob, options: DeliverOptions = {}): Promise<void> {
    const report = reportOf(job);
    const rest = await this.#post(job, options.retryBudgetMs ?? this.#policy.retryBudgetMs, report);
    if (rest.length > 0) await this.#handOn(job, rest, report);
    else if (report !== undefined) await this.#tell(report, rest);
  }

  /** @returns those that have not got it when the budget is over */
  async #post(
    job: DeliveryJob,
    budgetMs: number,
    report: PostingReport | undefined,
  ): Promise<readonly DeliveryFailure[]> {
    const { gateway, encoder, clock, ids } = this.#ports;
    const deadline = clock.now() + budgetMs;
    const payload = encoder.encode(job.message);

    let rest = job.connectionIds;
    for (let retry = 0; ; retry += 1) {
      const failures = await gateway.post(payload, rest);
      this.#count('delivered', rest.length - failures.length);
      report?.posted(rest, failures);
      if (failures.length === 0) return [];

      const waiting = await this.#settleGone(failures);
      report?.pruned(failures.length - waiting.length);
      if (waiting.length === 0) return [];
      rest = waiting.map(({ connectionId }) => connectionId);

      const delayMs = fullJitterMs(this.#policy.retry, retry, ids.random());
      if (clock.now() + delayMs >= deadline) return waiting;
      await sleep(clock, delayMs);
    }
  }

  /** Prunes the gone. @returns the failures that are worth another try */
  async #settleGone(failures: readonly DeliveryFailure[]): Promise<readonly DeliveryFailure[]> {
    const waiting: DeliveryFailure[] = [];
    for (const failure of failures) {
      this.#count(failure.reason, 1);
      const pruned = failure.reason === 'gone' && (await this.#prune(failure.connectionId));
      if (!pruned) waiting.push(failure);
    }
    return waiting;
  }

  async #prune(id: ConnectionId): Promise<boolean> {
    const { registry, disconnect, clock, logger, metrics } = this.#ports;
    if (this.#policy.openingGraceMs > 0) {
      const connection = await registry.find(id);
      if (connection !== undefined && clock.now() - connection.connectedAt < this.#policy.openingGraceMs)
        return false;
    }
    if (await disconnect.execute(id)) {
      metrics.count('connections_pruned_total', {});
      logger.info('connection.pruned', { connectionId: id });
    }
    return true;
  }

  async #handOn(
    job: DeliveryJob,
    failures: readonly DeliveryFailure[],
    report: PostingReport | undefined,
  ): Promise<void> {
    const { queue, ids, clock, logger, metrics } = this.#ports;
    const rest = failures.map(({ connectionId }) => connectionId);
    const cause = describe(failures);
    const fields = {
      messageId: job.message.id,
      channel: job.message.channel,
      connections: rest.length,
      cause,
    };
    const expiresAt = report?.notification.expiresAt ?? Number.POSITIVE_INFINITY;
    if (report !== undefined && expiresAt <= clock.now()) {
      await this.#tell(report, failures, { kind: 'expired' });
      logger.debug('delivery.expired', fields);
      return;
    }
    const attempt = job.attempt + 1;
    const remaining: DeliveryJob = {
      ...job,
      id: `${originOf(job)}#${attempt}`,
      connectionIds: rest,
      attempt,
    };
    if (attempt >= this.#policy.maxAttempts) {
      const connections = rest.length;
      const gaveUp: TrailEvent = { kind: 'posting-gave-up', job: job.id, connections, cause: brief(cause) };
      if (report !== undefined) await this.#tell(report, failures, gaveUp);
      await queue.deadLetter(remaining, cause);
      metrics.count('deliveries_dead_lettered_total', {}, rest.length);
      logger.warn('delivery.dead-lettered', { ...fields, attempt });
      return;
    }
    if (report !== undefined) await this.#tell(report, failures);
    const delayMs = fullJitterMs(this.#policy.requeue, job.attempt, ids.random());
    await queue.enqueue([remaining], delayMs);
    metrics.count('deliveries_requeued_total', {}, rest.length);
    logger.debug('delivery.requeued', { ...fields, attempt, delayMs });
  }

  async #tell(
    report: PostingReport,
    rest: readonly DeliveryFailure[],
    ...events: readonly TrailEvent[]
  ): Promise<void> {
    const { trail, clock } = this.#ports;
    const at = clock.now();
    await trail.append([report.result(rest, at), ...events.map(event => report.entry(at, event))]);
  }

  #count(outcome: 'delivered' | DeliveryFailure['reason'], by: number): void {
    if (by > 0) this.#ports.metrics.count('deliveries_total', { outcome }, by);
  }
}

export interface DeliverPorts {
  readonly gateway: ConnectionGateway;
  readonly registry: ConnectionRegistry;
  readonly disconnect: Disconnect;
  readonly queue: DeliveryQueue;
  readonly encoder: MessageEncoder;
  readonly trail: TrailWriter;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const originOf = (job: DeliveryJob): string => job.id.replace(/#\d+$/, '');

/** What a dead letter says of its failures: each cause once, with how often. */
const describe = (failures: readonly DeliveryFailure[]): string => {
  const counts = new Map<string, number>();
  for (const failure of failures) {
    const cause = failure.reason === 'failed' ? failure.cause : failure.reason;
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts].map(([cause, times]) => `${cause} (${times})`).join(', ');
};
