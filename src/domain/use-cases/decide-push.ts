import type { CapCounter } from '../../ports/cap-counter.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cron } from '../../ports/cron.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PreferenceStore } from '../../ports/preference-store.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';
import type { Categories } from '../category.ts';
import type { Device } from '../device.ts';
import type { DigestWindow } from '../digest.ts';
import { NO_PREFERENCES } from '../preferences.ts';
import { alertFor } from '../push.ts';
import type { PushDecision } from '../push-decision.ts';
import { decidePush } from '../push-decision.ts';
import type { DecideTask, DigestTask, PushTask, SendTask, Settled } from '../push-task.ts';
import { pushExpiry } from '../push-task.ts';
import type { TrailEvent } from '../trail.ts';

/** Decides whether a user's phones are told of a notification that screens have had their time for. */
export class DecidePush {
  readonly #ports: DecidePushPorts;

  constructor(ports: DecidePushPorts) {
    this.#ports = ports;
  }

  /** Safe to repeat: the same decision leads to the same tasks. @throws what may be otherwise when it is tried again */
  async execute(task: DecideTask): Promise<Settled> {
    const { user, notification, sentAt } = task;
    const now = this.#ports.clock.now();
    if (pushExpiry(notification, sentAt) <= now) {
      await this.#tell(task, { kind: 'expired' });
      return NOTHING;
    }
    const seen = await this.#whyNotNeeded(task);
    if (seen !== undefined) return this.#drop(task, seen);
    const devices = await this.#ports.devices.list(user);
    if (devices.length === 0) return this.#drop(task, 'no-device');
    return this.#follow(task, await this.#decide(task, now), devices);
  }

  async #whyNotNeeded({ user, messageId, listed }: DecideTask): Promise<'seen' | 'erased' | undefined> {
    if (!listed) return undefined;
    const [item] = await this.#ports.inbox.find(user, [messageId]);
    if (item === undefined) return 'erased';
    return item.shownAt !== undefined || item.read ? 'seen' : undefined;
  }

  async #decide({ user, notification, hasWaited = false }: DecideTask, now: number): Promise<PushDecision> {
    const { preferences, users, categories, cron } = this.#ports;
    const [stored, person] = await Promise.all([preferences.find(user), users.find(user)]);
    return decidePush({
      category: categories(notification.category),
      preferences: stored?.preferences ?? NO_PREFERENCES,
      timeZone: person?.timeZone ?? 'UTC',
      priority: notification.priority,
      hasWaited,
      now,
      next: (pattern, timeZone, after) => cron.next(pattern, timeZone, after),
    });
  }

  async #follow(task: DecideTask, decision: PushDecision, devices: readonly Device[]): Promise<Settled> {
    switch (decision.kind) {
      case 'drop':
        return this.#drop(task, decision.rule);
      case 'hold':
        return this.#hold(task, decision.rule, decision.until);
      case 'digest':
        return this.#collect(task, decision.rule, decision);
      case 'push':
        return this.#push(task, decision, devices);
    }
  }

  async #push(
    task: DecideTask,
    { rule, cap, overflow }: Extract<PushDecision, { kind: 'push' }>,
    devices: readonly Device[],
  ): Promise<Settled> {
    const { caps, categories, clock } = this.#ports;
    const { user, notification, messageId, sentAt } = task;
    const category = categories(notification.category).name;
    if (cap !== undefined && !(await caps.take(user, category, messageId, cap, clock.now())))
      return overflow === undefined ? this.#drop(task, 'capped') : this.#collect(task, 'capped', overflow);

    await this.#decided(task, { decision: 'push', rule, devices: devices.length });
    const push = alertFor(notification, messageId, pushExpiry(notification, sentAt));
    return {
      next: devices.map(
        ({ id: deviceId }): SendTask => ({
          kind: 'send',
          id: `send/${messageId}/${deviceId}`,
          user,
          deviceId,
          push,
          messages: [{ id: messageId, notificationId: notification.id }],
          sentAt,
          expiresAt: push.expiresAt,
          dueAt: clock.now(),
          attempt: 0,
        }),
      ),
    };
  }

  /** What is in no inbox cannot be collected from there: it comes by itself when the digest would. */
  async #collect(task: DecideTask, rule: string, { at, since }: DigestWindow): Promise<Settled> {
    if (!task.listed) return this.#hold({ ...task, hasWaited: true }, rule, at);
    await this.#decided(task, { decision: 'digest', rule, until: at });
    const { user } = task;
    const category = this.#ports.categories(task.notification.category).name;
    const digest: DigestTask = {
      kind: 'digest',
      id: `digest/${user}/${category}/${at}`,
      user,
      category,
      since: Math.min(since, task.sentAt),
      dueAt: at,
      attempt: 0,
    };
    return { next: [digest] };
  }

  async #hold(task: DecideTask, rule: string, until: number): Promise<Settled> {
    await this.#decided(task, { decision: 'hold', rule, until });
    const held: PushTask = { ...task, dueAt: until };
    return { next: [held] };
  }

  async #drop(task: DecideTask, rule: string): Promise<Settled> {
    await this.#decided(task, { decision: 'drop', rule });
    return NOTHING;
  }

  async #decided(
    task: DecideTask,
    decided: Omit<Extract<TrailEvent, { kind: 'push-decided' }>, 'kind'>,
  ): Promise<void> {
    const { decision, rule } = decided;
    await this.#tell(task, { kind: 'push-decided', ...decided });
    this.#ports.metrics.count('pushes_decided_total', { decision, rule });
  }

  #tell({ user, notification }: DecideTask, event: TrailEvent): Promise<void> {
    const { trail, clock } = this.#ports;
    return trail.append([{ notificationId: notification.id, user, at: clock.now(), event }]);
  }
}

export interface DecidePushPorts {
  readonly inbox: InboxStore;
  readonly devices: DeviceStore;
  readonly preferences: Pick<PreferenceStore, 'find'>;
  readonly users: Pick<UserDirectory, 'find'>;
  readonly categories: Categories;
  readonly caps: CapCounter;
  readonly cron: Cron;
  readonly trail: TrailWriter;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

const NOTHING: Settled = { next: [] };
