import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryConnectionRegistry } from '../../src/adapters/local/memory-connection-registry.ts';
import { MemoryDeliveryQueue } from '../../src/adapters/local/memory-delivery-queue.ts';
import { MemoryEventBus } from '../../src/adapters/local/memory-event-bus.ts';
import { MemoryIdempotencyStore } from '../../src/adapters/local/memory-idempotency-store.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import type { Channel } from '../../src/domain/channel.ts';
import type { Connection } from '../../src/domain/connection.ts';
import type { DeliveryPolicy } from '../../src/domain/delivery-policy.ts';
import { DEFAULT_DELIVERY_POLICY } from '../../src/domain/delivery-policy.ts';
import type { Position } from '../../src/domain/message.ts';
import type { NotificationReceipt } from '../../src/domain/notification.ts';
import type { Followed } from '../../src/domain/subscription.ts';
import { Connect } from '../../src/domain/use-cases/connect.ts';
import { Deliver } from '../../src/domain/use-cases/deliver.ts';
import { Disconnect } from '../../src/domain/use-cases/disconnect.ts';
import { FanOut } from '../../src/domain/use-cases/fan-out.ts';
import { History } from '../../src/domain/use-cases/history.ts';
import { Notify } from '../../src/domain/use-cases/notify.ts';
import { SendMessage } from '../../src/domain/use-cases/send-message.ts';
import { DEFAULT_SUBSCRIPTION_LIMITS, Subscribe } from '../../src/domain/use-cases/subscribe.ts';
import { Unsubscribe } from '../../src/domain/use-cases/unsubscribe.ts';
import type { EventBus } from '../../src/ports/event-bus.ts';
import type { MessageStore } from '../../src/ports/message-store.ts';
import { pushedFrame } from '../../src/protocol/pushed-frame.ts';
import { RecordingLogger, RecordingMetrics, SequentialIds } from './fakes.ts';
import { ScriptedGateway } from './scripted-gateway.ts';

export interface WorldOptions {
  readonly policy?: Partial<DeliveryPolicy>;
  readonly shards?: number;
  readonly seed?: number;
  /** Faults: a decorator around the good one. */
  readonly bus?: (good: EventBus) => EventBus;
  readonly store?: (good: MessageStore) => MessageStore;
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

  const deliver = new Deliver({ ...ports, gateway, registry, queue, encoder: pushedFrame }, policy);
  const fanOut = new FanOut({ registry, queue, deliver, metrics }, policy);
  memoryBus.subscribe(message => fanOut.execute(message));
  queue.consume(job => deliver.execute(job));

  return {
    ...ports,
    registry,
    store,
    queue,
    gateway,
    policy,
    deliver,
    fanOut,
    connect: new Connect({ registry, clock, metrics }),
    disconnect: new Disconnect({ registry }),
    subscribe: new Subscribe({ registry, store }, DEFAULT_SUBSCRIPTION_LIMITS),
    unsubscribe: new Unsubscribe({ registry }),
    history: new History({ store }),
    sendMessage: new SendMessage({ ...ports, store, bus }),
    notify: new Notify({ ...ports, store, bus, idempotency }),
  };
};
