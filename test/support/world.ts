import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryConnectionRegistry } from '../../src/adapters/local/memory-connection-registry.ts';
import { MemoryDeliveryLog } from '../../src/adapters/local/memory-delivery-log.ts';
import { MemoryDeliveryQueue } from '../../src/adapters/local/memory-delivery-queue.ts';
import { MemoryDeviceStore } from '../../src/adapters/local/memory-device-store.ts';
import { MemoryEventBus } from '../../src/adapters/local/memory-event-bus.ts';
import { MemoryIdempotencyStore } from '../../src/adapters/local/memory-idempotency-store.ts';
import { MemoryInboxStore } from '../../src/adapters/local/memory-inbox-store.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { MemoryPreferenceStore } from '../../src/adapters/local/memory-preference-store.ts';
import { MemoryPresenceQueue } from '../../src/adapters/local/memory-presence-queue.ts';
import { MemoryPresenceStore } from '../../src/adapters/local/memory-presence-store.ts';
import { MemoryPushTaskStore } from '../../src/adapters/local/memory-push-task-store.ts';
import { MemoryRateLimiter } from '../../src/adapters/local/memory-rate-limiter.ts';
import { FrameLimit } from '../../src/adapters/socket/frame-limit.ts';
import type { Category } from '../../src/domain/category.ts';
import { categoriesOf } from '../../src/domain/category.ts';
import type { Channel } from '../../src/domain/channel.ts';
import type { ChannelRule } from '../../src/domain/channel-policy.ts';
import { ChannelPolicies, DEFAULT_RETENTION } from '../../src/domain/channel-policy.ts';
import type { Connection } from '../../src/domain/connection.ts';
import type { DeliveryPolicy } from '../../src/domain/delivery-policy.ts';
import { DEFAULT_DELIVERY_POLICY } from '../../src/domain/delivery-policy.ts';
import type { Position } from '../../src/domain/message.ts';
import type { NotificationReceipt } from '../../src/domain/notification.ts';
import type { Followed } from '../../src/domain/subscription.ts';
import { Acknowledge } from '../../src/domain/use-cases/acknowledge.ts';
import { Connect } from '../../src/domain/use-cases/connect.ts';
import { Deliver } from '../../src/domain/use-cases/deliver.ts';
import { Disconnect } from '../../src/domain/use-cases/disconnect.ts';
import { FanOut } from '../../src/domain/use-cases/fan-out.ts';
import { History } from '../../src/domain/use-cases/history.ts';
import { Inbox } from '../../src/domain/use-cases/inbox.ts';
import { Mark } from '../../src/domain/use-cases/mark.ts';
import { Notify } from '../../src/domain/use-cases/notify.ts';
import { PlanPush } from '../../src/domain/use-cases/plan-push.ts';
import { PlanWithdrawal } from '../../src/domain/use-cases/plan-withdrawal.ts';
import { Presence } from '../../src/domain/use-cases/presence.ts';
import { SendMessage } from '../../src/domain/use-cases/send-message.ts';
import { DEFAULT_SUBSCRIPTION_LIMITS, Subscribe } from '../../src/domain/use-cases/subscribe.ts';
import { TellPresence } from '../../src/domain/use-cases/tell-presence.ts';
import { TrackPresence } from '../../src/domain/use-cases/track-presence.ts';
import { Unsubscribe } from '../../src/domain/use-cases/unsubscribe.ts';
import type { TrailWriter } from '../../src/ports/delivery-log.ts';
import type { EventBus } from '../../src/ports/event-bus.ts';
import type { MessageStore } from '../../src/ports/message-store.ts';
import { pushedFrame } from '../../src/protocol/pushed-frame.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from './fakes.ts';
import { ScriptedGateway } from './scripted-gateway.ts';

export interface WorldOptions {
  readonly policy?: Partial<DeliveryPolicy>;
  readonly shards?: number;
  readonly seed?: number;
  readonly rules?: readonly ChannelRule[];
  readonly categories?: readonly Category[];
  /** Faults: a decorator around the good one. */
  readonly bus?: (good: EventBus) => EventBus;
  readonly store?: (good: MessageStore) => MessageStore;
  readonly trail?: (good: TrailWriter) => TrailWriter;
}

/** Follows one channel; throws what refuses it. */
export const follow = async (
  { subscribe }: { readonly subscribe: Subscribe },
  connection: Connection,
  channel: Channel,
  since?: Position,
): Promise<Followed> => {
  const [outcome] = await subscribe.execute(connection, [{ channel, since }]);
  if (outcome === undefined || 'error' in outcome) throw outcome?.error;
  return outcome;
};

/** Every use case on in-memory adapters and a manual clock, wired as the local composition wires them. */
export const aWorld = (options: WorldOptions = {}) => {
  const clock = new ManualClock();
  const ids = new SequentialIds({ seed: options.seed });
  const logger = new RecordingLogger();
  const metrics = new RecordingMetrics();
  const ports = { clock, ids, logger, metrics };
  const policy = { ...DEFAULT_DELIVERY_POLICY, ...options.policy };

  const registry = new MemoryConnectionRegistry({ clock, shards: () => options.shards ?? 1 });
  const memoryStore = new MemoryMessageStore({ clock, ids });
  const store = options.store?.(memoryStore) ?? memoryStore;
  const memoryBus = new MemoryEventBus(ports);
  const bus = options.bus?.(memoryBus) ?? memoryBus;
  const queue = new MemoryDeliveryQueue(ports);
  const idempotency = new MemoryIdempotencyStore<NotificationReceipt>({ clock });
  const gateway = new ScriptedGateway();

  const policies = new ChannelPolicies(DEFAULT_RETENTION, options.rules);
  const presence = new MemoryPresenceStore({ clock });
  const presenceQueue = new MemoryPresenceQueue({ clock, logger });
  const inbox = new MemoryInboxStore({ clock });
  const log = new MemoryDeliveryLog({ clock });
  const trail = options.trail?.(log) ?? log;
  const categories = categoriesOf(options.categories ?? []);
  const preferences = new MemoryPreferenceStore();
  const devices = new MemoryDeviceStore();
  const pushTasks = new MemoryPushTaskStore();
  const planPush = new PlanPush({ devices, pushQueue: pushTasks, categories });
  const planWithdrawal = new PlanWithdrawal({ pushQueue: pushTasks, clock, ids });
  const limiter = new MemoryRateLimiter({ clock });
  const trackPresence = new TrackPresence({ presence, presenceQueue, policies });
  const tellPresence = new TellPresence({ presence, presenceQueue, store, bus, clock, ids });
  const disconnect = new Disconnect({ registry, trackPresence });

  const delivering = { ...ports, gateway, registry, disconnect, queue, encoder: pushedFrame, trail };
  const deliver = new Deliver(delivering, policy);
  const fanOut = new FanOut({ registry, queue, deliver, trail, clock, metrics }, policy);
  memoryBus.subscribe(message => fanOut.execute(message));
  queue.consume(job => deliver.execute(job));
  presenceQueue.consume(event => tellPresence.execute(event));

  return {
    ...ports,
    registry,
    store,
    queue,
    trail: log,
    presenceStore: presence,
    presenceQueue,
    tellPresence,
    gateway,
    policy,
    deliver,
    fanOut,
    connect: new Connect({ registry, clock, metrics, trackPresence }),
    disconnect,
    subscribe: new Subscribe({ registry, store, policies, trackPresence }, DEFAULT_SUBSCRIPTION_LIMITS),
    unsubscribe: new Unsubscribe({ registry, trackPresence }),
    history: new History({ store, policies }),
    sendMessage: new SendMessage({ ...ports, store, bus, policies, limiter }),
    categories,
    preferences,
    devices,
    pushTasks,
    inboxStore: inbox,
    notify: new Notify({
      ...ports,
      store,
      inbox,
      trail,
      planPush,
      bus,
      idempotency,
      categories,
      preferences,
    }),
    presence: new Presence({ presence, policies, store }),
    inbox: new Inbox({ inbox }),
    mark: new Mark({ ...ports, inbox, store, trail, bus, planWithdrawal }),
    acknowledge: new Acknowledge({ inbox, trail, clock }),
    frameLimit: new FrameLimit({ limiter, gateway, logger, metrics }, { perSecond: 20, burst: 40 }),
  };
};
