import { CronerCron } from '../../src/adapters/croner/croner-cron.ts';
import { LocalPushGateway } from '../../src/adapters/local/local-push-gateway.ts';
import { MemoryCapCounter } from '../../src/adapters/local/memory-cap-counter.ts';
import { MemoryLockScreenStore } from '../../src/adapters/local/memory-lock-screen-store.ts';
import { MemoryUserDirectory } from '../../src/adapters/local/memory-user-directory.ts';
import type { Category } from '../../src/domain/category.ts';
import { DEFAULT_CATEGORY } from '../../src/domain/category.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId, MAX_DEVICES } from '../../src/domain/device.ts';
import type { MessageId, UserId } from '../../src/domain/ids.ts';
import { userId } from '../../src/domain/ids.ts';
import type { NotificationRequest } from '../../src/domain/notification.ts';
import type { Preferences } from '../../src/domain/preferences.ts';
import type { TrailEvent } from '../../src/domain/trail.ts';
import { DecidePush } from '../../src/domain/use-cases/decide-push.ts';
import { RunPushTask } from '../../src/domain/use-cases/run-push-task.ts';
import { RunPushes } from '../../src/domain/use-cases/run-pushes.ts';
import { SendDigest } from '../../src/domain/use-cases/send-digest.ts';
import { SendPush } from '../../src/domain/use-cases/send-push.ts';
import { WithdrawPush } from '../../src/domain/use-cases/withdraw-push.ts';
import type { PushGateway } from '../../src/ports/push-gateway.ts';
import { aChannel, anIdentity } from './builders.ts';
import { aWorld } from './world.ts';

export const ALICE = userId('alice');
const shop = anIdentity({ user: userId('shop'), admin: true });

export interface PhonesOptions {
  readonly categories?: readonly Partial<Category>[];
  /** A fault: a decorator around the good one. */
  readonly gateway?: (good: PushGateway) => PushGateway;
  /** When it begins; nine in the morning of a Monday, UTC. */
  readonly at?: string;
}

/** A world whose users have virtual phones, and whose clock does what is due for them each second. */
export const aWorldOfPhones = async (options: PhonesOptions = {}) => {
  const configured = (options.categories ?? []).map(category => ({ ...DEFAULT_CATEGORY, ...category }));
  const world = aWorld({ categories: configured });
  const { clock, trail, devices, inboxStore: inbox, pushTasks: tasks } = world;
  await clock.advance(Date.parse(options.at ?? '2027-03-01T09:00:00Z') - clock.now());

  const phones = new LocalPushGateway({ clock });
  const ports = {
    ...world,
    trail,
    inbox,
    tasks,
    gateway: options.gateway?.(phones) ?? phones,
    users: new MemoryUserDirectory(),
    caps: new MemoryCapCounter(),
    unsubscribeLinks: {
      unsubscribeUrl: async (user: UserId, category: string) => `https://off/${user}/${category}`,
    },
    lockScreens: new MemoryLockScreenStore({ clock }),
    cron: new CronerCron(),
  };
  const runPushTask = new RunPushTask({
    decidePush: new DecidePush(ports),
    sendDigest: new SendDigest(ports),
    sendPush: new SendPush(ports),
    withdrawPush: new WithdrawPush(ports),
  });
  const runPushes = new RunPushes({ ...ports, runPushTask });
  const work = async (): Promise<void> => {
    for (let begun = -1; begun !== 0; ) {
      begun = await runPushes.execute();
      await runPushes.drain();
    }
  };

  return {
    ...ports,
    phones,
    runPushes,
    /** Lets time pass, and does what is due at each whole second of it. */
    live: async (ms: number, stepMs = 1_000): Promise<void> => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        await clock.advance(Math.min(stepMs, ms - passed));
        await work();
      }
    },
    work,
    /** Registers a phone. */
    own: async (name = 'phone', user: UserId = ALICE): Promise<Device> => {
      const now = clock.now();
      const device = {
        id: deviceId(name),
        user,
        platform: 'fcm',
        token: `token of ${name}`,
        createdAt: now,
        refreshedAt: now,
      } as const;
      await devices.register(device, MAX_DEVICES);
      return device;
    },
    wish: (preferences: Partial<Preferences>, user: UserId = ALICE) =>
      ports.preferences.save(user, { categories: {}, ...preferences }),
    /** Notifies alice. @returns the id of her message */
    tell: async (title: string, request: Partial<NotificationRequest> = {}): Promise<MessageId> => {
      const to = [aChannel('user:alice')];
      const { id } = await world.notify.execute({
        identity: shop,
        request: { to, title, priority: 'normal', ...request },
      });
      return `${id}.user:alice` as MessageId;
    },
    /** What a phone shows, the newest first. */
    shown: (name = 'phone'): readonly string[] =>
      phones.look(deviceId(name)).alerts.map(({ push }) => push.notification.title),
    phone: (name = 'phone') => phones.look(deviceId(name)),
    /** The trail of a message, of what concerns phones, in short. */
    story: async (message: MessageId): Promise<readonly string[]> => {
      const [notification = ''] = message.split('.');
      const { entries } = await trail.find(notification as never, { user: ALICE, limit: 100 });
      return entries.flatMap(({ event }) => brief(event) ?? []);
    },
  };
};

const brief = (event: TrailEvent): string | undefined => {
  switch (event.kind) {
    case 'push-decided':
      return `${event.decision}: ${event.rule}`;
    case 'device':
      return `${event.deviceId} ${event.outcome}`;
    case 'expired':
      return 'expired';
    default:
      return undefined;
  }
};
