import type { Clock } from '../../ports/clock.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { LockScreenStore } from '../../ports/lock-screen-store.ts';
import type { PreferenceStore } from '../../ports/preference-store.ts';
import type { Categories } from '../category.ts';
import type { Device } from '../device.ts';
import { digestPush } from '../digest-push.ts';
import type { InboxItem } from '../inbox.ts';
import { isMuted, NO_PREFERENCES, preferred } from '../preferences.ts';
import type { DigestTask, SendTask, Settled } from '../push-task.ts';
import type { TrailEvent } from '../trail.ts';

/** Read in one go. */
const PAGE = 100;
/** What one digest tells of, at the most; older ones are in the inbox. */
const MAX_ITEMS = 100;

/** Tells, in one push, of all that a category has collected and nobody has seen. */
export class SendDigest {
  readonly #ports: SendDigestPorts;

  constructor(ports: SendDigestPorts) {
    this.#ports = ports;
  }

  /** Of what was all seen meanwhile nothing is sent. Safe to repeat. @throws what may be otherwise when it is tried again */
  async execute(task: DigestTask): Promise<Settled> {
    const { user } = task;
    const [newest, ...others] = await this.#collected(task);
    if (newest === undefined) return NOTHING;
    const items = [newest, ...others] as const;
    const rule = await this.#whyNot(task);
    if (rule !== undefined) {
      await this.#tell(task, items, { kind: 'push-decided', decision: 'drop', rule });
      return NOTHING;
    }
    const devices = await this.#ports.devices.list(user);
    const decided = devices.length === 0 ? (['drop', 'no-device'] as const) : (['push', 'digest'] as const);
    const [decision, why] = decided;
    await this.#tell(task, items, { kind: 'push-decided', decision, rule: why, devices: devices.length });
    return { next: devices.map(device => sendTask(task, items, device)) };
  }

  /** What nobody has seen and no phone shows, the newest first. */
  async #collected({ user, category, since }: DigestTask): Promise<readonly InboxItem[]> {
    const { inbox, lockScreens, categories, clock } = this.#ports;
    const standing = await lockScreens.list(user);
    const pushed = new Set(standing.flatMap(({ messages }) => messages.map(({ id }) => id)));
    const collected: InboxItem[] = [];
    let before: number | undefined;
    for (let complete = false; !complete && collected.length < MAX_ITEMS; ) {
      const from = before === undefined ? {} : { before };
      const page = await inbox.list(user, { filter: 'unread', limit: PAGE, ...from });
      for (const item of page.items) {
        const { notification, sentAt, shownAt } = item;
        const isOver = (notification.expiresAt ?? Number.POSITIVE_INFINITY) <= clock.now();
        const isOfIt = sentAt >= since && categories(notification.category).name === category;
        const isSeen = shownAt !== undefined || pushed.has(item.messageId);
        if (isOfIt && !isOver && !isSeen) collected.push(item);
      }
      const last = page.items.at(-1);
      before = last?.offset;
      complete = page.complete || last === undefined || last.sentAt < since;
    }
    return collected.slice(0, MAX_ITEMS);
  }

  /** What the user wishes may have changed since it was collected. */
  async #whyNot({ user, category }: DigestTask): Promise<'push-off' | 'muted' | undefined> {
    const { preferences, categories, clock } = this.#ports;
    const own = (await preferences.find(user))?.preferences ?? NO_PREFERENCES;
    if (!preferred(categories(category), own).push) return 'push-off';
    return isMuted(own, category, clock.now()) ? 'muted' : undefined;
  }

  #tell({ user }: DigestTask, items: readonly InboxItem[], event: TrailEvent): Promise<void> {
    const at = this.#ports.clock.now();
    return this.#ports.trail.append(
      items.map(({ notification }) => ({ notificationId: notification.id, user, at, event })),
    );
  }
}

export interface SendDigestPorts {
  readonly inbox: InboxStore;
  readonly lockScreens: LockScreenStore;
  readonly devices: DeviceStore;
  readonly preferences: Pick<PreferenceStore, 'find'>;
  readonly categories: Categories;
  readonly trail: TrailWriter;
  readonly clock: Clock;
}

const NOTHING: Settled = { next: [] };

const sendTask = (
  { id, user, category, dueAt }: DigestTask,
  items: readonly [InboxItem, ...InboxItem[]],
  { id: deviceId }: Device,
): SendTask => {
  const push = digestPush(category, items, dueAt);
  const messages = items.map(({ messageId, notification }) => ({
    id: messageId,
    notificationId: notification.id,
  }));
  return {
    kind: 'send',
    id: `send/${id}/${deviceId}`,
    user,
    deviceId,
    push,
    messages,
    sentAt: items[0].sentAt,
    expiresAt: push.expiresAt,
    dueAt,
    attempt: 0,
  };
};
