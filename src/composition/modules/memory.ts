import { ContainerModule } from 'inversify';
import { MemoryConnectionRegistry } from '../../adapters/local/memory-connection-registry.ts';
import { MemoryDeliveryQueue } from '../../adapters/local/memory-delivery-queue.ts';
import { MemoryEventBus } from '../../adapters/local/memory-event-bus.ts';
import { MemoryPresenceQueue } from '../../adapters/local/memory-presence-queue.ts';
import { MemoryPresenceStore } from '../../adapters/local/memory-presence-store.ts';
import { categoriesOf } from '../../domain/category.ts';
import { ChannelPolicies } from '../../domain/channel-policy.ts';
import { pushedFrame } from '../../protocol/pushed-frame.ts';
import type { Config } from '../config.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

/** What one process needs of no other: who is connected, and what is on its way. */
export const memory = (config: Config): ContainerModule =>
  new ContainerModule(options => {
    const { clock, ids, logger, metrics, policies } = TOKENS;
    singleton(options, LOCAL_TOKENS.registry, { clock }, parts => new MemoryConnectionRegistry(parts));
    alias(options, TOKENS.registry, LOCAL_TOKENS.registry);
    alias(options, LOCAL_TOKENS.index, LOCAL_TOKENS.registry);
    singleton(options, policies, {}, () => new ChannelPolicies(config.retention, config.channels));
    singleton(options, TOKENS.categories, {}, () => categoriesOf(config.categories));
    singleton(options, TOKENS.presence, { clock }, parts => new MemoryPresenceStore(parts));
    singleton(options, LOCAL_TOKENS.trailRetention, {}, () => config.trail);
    alias(options, TOKENS.trail, LOCAL_TOKENS.log);
    singleton(options, TOKENS.encoder, {}, () => pushedFrame);

    const messaging = { clock, ids, logger, metrics };
    singleton(options, LOCAL_TOKENS.bus, messaging, parts => new MemoryEventBus(parts));
    singleton(options, LOCAL_TOKENS.queue, messaging, parts => new MemoryDeliveryQueue(parts));
    singleton(
      options,
      LOCAL_TOKENS.presenceQueue,
      { clock, logger },
      parts => new MemoryPresenceQueue(parts),
    );
    alias(options, TOKENS.presenceQueue, LOCAL_TOKENS.presenceQueue);
    alias(options, TOKENS.bus, LOCAL_TOKENS.bus);
    alias(options, TOKENS.queue, LOCAL_TOKENS.queue);
  });
