import type { Clock } from '../../ports/clock.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { LockScreenStore } from '../../ports/lock-screen-store.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';
import type { UnsubscribeLinks } from '../../ports/unsubscribe-links.ts';
import type { Categories } from '../category.ts';
import type { Device } from '../device.ts';
import type { Push, PushOutcome } from '../push.ts';
import type { SendTask, Settled, WithdrawTask } from '../push-task.ts';
import type { RetryPolicy } from '../retry.ts';
import { fullJitterMs } from '../retry.ts';
import type { DeviceOutcome } from '../trail.ts';
import { brief } from '../trail.ts';

/** Between tries at one device, whose service may be down for hours. */
const RETRY: RetryPolicy = { baseDelayMs: 2_000, maxDelayMs: 900_000 };

/** Tells one device, whatever becomes of the user's others. */
export class SendPush {
  readonly #ports: SendPushPorts;

  constructor(ports: SendPushPorts) {
    this.#ports = ports;
  }

  /**
   * A dead token is pruned; what may pass is tried again until it expires; what never will is dead-lettered.
   *
   * @throws what may be otherwise when it is tried again
   */
  async execute(task: SendTask): Promise<Settled> {
    const { user, deviceId, push } = task;
    const { devices, gateway, clock } = this.#ports;
    const device = await devices.find(user, deviceId);
    if (device === undefined) return NOTHING;
    if (task.expiresAt <= clock.now()) return this.#giveUp(task, device, 'it expired');
    if (push.kind === 'alert') {
      if (await this.#isRead(task)) return NOTHING;
      // Before it is shown: whoever reads it elsewhere meanwhile must find that it is to be taken back.
      const { collapseId } = push;
      const { messages, sentAt } = task;
      if (!(await this.#ports.lockScreens.show({ user, deviceId, collapseId, messages, sentAt })))
        return this.#giveWay(task);
    }
    return this.#settle(task, device, await gateway.push(device, await this.#complete(push, device)));
  }

  /** With what is only known now: how much is unread, and where a browser's user can turn the category off. */
  async #complete(push: Push, { user, platform }: Device): Promise<Push> {
    const { inbox, categories, unsubscribeLinks } = this.#ports;
    const { unread } = await inbox.list(user, { filter: 'unread', limit: 0 });
    if (push.kind === 'withdraw' || platform !== 'webpush') return { ...push, badge: unread };
    const category = categories(push.notification.category).name;
    const unsubscribeUrl = await unsubscribeLinks.unsubscribeUrl(user, category);
    return { ...push, badge: unread, ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }) };
  }

  async #settle(task: SendTask, device: Device, outcome: PushOutcome): Promise<Settled> {
    this.#ports.metrics.count('pushes_total', { platform: device.platform, outcome: outcome.status });
    switch (outcome.status) {
      case 'delivered':
        return this.#delivered(task, device);
      case 'dead':
        await this.#prune(device, outcome.reason);
        await this.#tell(task, device, 'dead', outcome.reason);
        return NOTHING;
      case 'failed':
        return this.#retry(task, device, outcome);
      case 'refused':
        return this.#giveUp(task, device, outcome.cause, 'refused');
    }
  }

  async #delivered(task: SendTask, device: Device): Promise<Settled> {
    const { user, push } = task;
    const { lockScreens, clock } = this.#ports;
    if (push.kind === 'withdraw') {
      await this.#tell(task, device, 'withdrawn');
      await lockScreens.withdrawn(user, device.id, push.collapseIds);
      return NOTHING;
    }
    await this.#tell(task, device, 'delivered');
    const isRead = (await lockScreens.list(user)).some(
      ({ deviceId, collapseId, read }) => read && deviceId === device.id && collapseId === push.collapseId,
    );
    const withdraw: WithdrawTask = {
      kind: 'withdraw',
      id: `withdraw/${task.id}`,
      user,
      messageIds: [],
      dueAt: clock.now(),
      attempt: 0,
    };
    return { next: isRead ? [withdraw] : [] };
  }

  async #retry(
    task: SendTask,
    device: Device,
    { cause, retryAfterMs = 0 }: Extract<PushOutcome, { status: 'failed' }>,
  ): Promise<Settled> {
    const { clock, ids } = this.#ports;
    const delayMs = Math.max(retryAfterMs, fullJitterMs(RETRY, task.attempt, ids.random()));
    const dueAt = clock.now() + delayMs;
    if (dueAt >= task.expiresAt) return this.#giveUp(task, device, cause);
    await this.#tell(task, device, 'retried', cause);
    return { next: [{ ...task, attempt: task.attempt + 1, dueAt }] };
  }

  async #giveUp(
    task: SendTask,
    device: Device,
    cause: string,
    outcome: 'gave-up' | 'refused' = 'gave-up',
  ): Promise<Settled> {
    await this.#tell(task, device, outcome, cause);
    const { logger, metrics } = this.#ports;
    metrics.count('pushes_dead_lettered_total', { platform: device.platform });
    logger.warn('push.dead-lettered', { deviceId: device.id, platform: device.platform, cause });
    return { next: [], deadLetter: cause };
  }

  async #prune(device: Device, reason: string): Promise<void> {
    const { devices, logger } = this.#ports;
    if (await devices.prune(device))
      logger.info('device.pruned', { deviceId: device.id, platform: device.platform, reason });
  }

  async #isRead({ user, messages }: SendTask): Promise<boolean> {
    const items = await this.#ports.inbox.find(
      user,
      messages.map(({ id }) => id),
    );
    return items.length > 0 && items.every(({ read }) => read);
  }

  /** The device shows something newer of its collapse key by now. */
  async #giveWay({ user, messages }: SendTask): Promise<Settled> {
    const at = this.#ports.clock.now();
    const event = { kind: 'push-decided', decision: 'drop', rule: 'replaced' } as const;
    await this.#ports.trail.append(
      messages.map(({ notificationId }) => ({ notificationId, user, at, event })),
    );
    return NOTHING;
  }

  async #tell(task: SendTask, device: Device, outcome: DeviceOutcome, cause?: string): Promise<void> {
    const at = this.#ports.clock.now();
    const event = {
      kind: 'device',
      deviceId: device.id,
      platform: device.platform,
      outcome,
      ...(cause === undefined ? {} : { cause: brief(cause) }),
      attempt: task.attempt,
    } as const;
    await this.#ports.trail.append(
      task.messages.map(({ notificationId }) => ({ notificationId, user: task.user, at, event })),
    );
  }
}

export interface SendPushPorts {
  readonly gateway: PushGateway;
  readonly devices: DeviceStore;
  readonly inbox: InboxStore;
  readonly lockScreens: LockScreenStore;
  readonly categories: Categories;
  readonly unsubscribeLinks: Pick<UnsubscribeLinks, 'unsubscribeUrl'>;
  readonly trail: TrailWriter;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const NOTHING: Settled = { next: [] };
