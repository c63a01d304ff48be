import type { DeviceStore } from '../../ports/device-store.ts';
import type { PushQueue } from '../../ports/push-queue.ts';
import type { Categories } from '../category.ts';
import type { MessageId, UserId } from '../ids.ts';
import type { Notification } from '../notification.ts';
import type { TrailEntry } from '../trail.ts';

export interface ToPlan {
  readonly user: UserId;
  readonly messageId: MessageId;
  readonly notification: Notification;
  /** ms since 1970 */
  readonly sentAt: number;
  /** Whether it is in the user's inbox, where it can be seen and read. */
  readonly listed: boolean;
}

/** Sees to it that phones are thought of, once screens have had their time. */
export class PlanPush {
  readonly #ports: PlanPushPorts;

  constructor(ports: PlanPushPorts) {
    this.#ports = ports;
  }

  /**
   * High priority waits for nobody, and what no screen can show need not wait for one. Of someone without a device it is
   * decided here: a device that is registered later is not told.
   *
   * @returns what the trail is to be told of it
   * @throws FanfareError `unavailable` when it could not be seen to; doing it again is safe
   */
  async execute({ user, messageId, notification, sentAt, listed }: ToPlan): Promise<readonly TrailEntry[]> {
    const { devices, pushQueue, categories } = this.#ports;
    const about = { notificationId: notification.id, user, at: sentAt };
    if ((await devices.list(user)).length === 0)
      return [{ ...about, event: { kind: 'push-decided', decision: 'drop', rule: 'no-device', devices: 0 } }];
    const waits = listed && notification.priority !== 'high';
    const dueAt = sentAt + (waits ? categories(notification.category).pushAfterMs : 0);
    await pushQueue.enqueue([
      {
        kind: 'decide',
        id: `decide/${messageId}`,
        user,
        dueAt,
        attempt: 0,
        messageId,
        notification,
        sentAt,
        listed,
      },
    ]);
    return [{ ...about, event: { kind: 'push-planned', dueAt } }];
  }
}

export interface PlanPushPorts {
  readonly devices: DeviceStore;
  readonly pushQueue: PushQueue;
  readonly categories: Categories;
}
