import { userOf } from './channel.ts';
import type { DeliveryFailure, DeliveryJob } from './delivery.ts';
import type { ConnectionId, UserId } from './ids.ts';
import type { Notification } from './notification.ts';
import type { TrailEntry, TrailEvent } from './trail.ts';
import { MAX_NAMED_CONNECTIONS } from './trail.ts';

/** What one run of a notification's job has come to, for the trail. */
export class PostingReport {
  readonly notification: Notification;
  readonly #job: DeliveryJob;
  readonly #user: UserId | undefined;
  readonly #reached: ConnectionId[] = [];
  #delivered = 0;
  #gone = 0;

  constructor(job: DeliveryJob, notification: Notification) {
    this.notification = notification;
    this.#job = job;
    this.#user = userOf(job.message.channel);
  }

  /** After a post to some, of which those that are named did not get it. */
  posted(connectionIds: readonly ConnectionId[], failures: readonly DeliveryFailure[]): void {
    this.#delivered += connectionIds.length - failures.length;
    if (this.#user === undefined || this.#reached.length >= MAX_NAMED_CONNECTIONS) return;
    const failed = new Set(failures.map(({ connectionId }) => connectionId));
    const reached = connectionIds.filter(id => !failed.has(id));
    this.#reached.push(...reached.slice(0, MAX_NAMED_CONNECTIONS - this.#reached.length));
  }

  pruned(connections: number): void {
    this.#gone += connections;
  }

  /** @param rest those that have not got it, when the run ends */
  result(rest: readonly DeliveryFailure[], at: number): TrailEntry {
    const throttled = rest.filter(({ reason }) => reason === 'throttled').length;
    return this.entry(at, {
      kind: 'posted',
      job: this.#job.id,
      attempt: this.#job.attempt,
      delivered: this.#delivered,
      gone: this.#gone,
      throttled,
      failed: rest.length - throttled,
      ...(this.#reached.length > 0 ? { connectionIds: this.#reached } : {}),
    });
  }

  entry(at: number, event: TrailEvent): TrailEntry {
    const user = this.#user === undefined ? {} : { user: this.#user };
    return { notificationId: this.notification.id, ...user, at, event };
  }
}

/** Of a notification alone; what else is sent in a channel has no trail. */
export const reportOf = (job: DeliveryJob): PostingReport | undefined => {
  const { content } = job.message;
  return content.kind === 'notification' ? new PostingReport(job, content.notification) : undefined;
};
