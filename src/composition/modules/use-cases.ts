import { ContainerModule } from 'inversify';
import type { DeliveryPolicy } from '../../domain/delivery-policy.ts';
import { Connect } from '../../domain/use-cases/connect.ts';
import { Deliver } from '../../domain/use-cases/deliver.ts';
import { Disconnect } from '../../domain/use-cases/disconnect.ts';
import { FanOut } from '../../domain/use-cases/fan-out.ts';
import { History } from '../../domain/use-cases/history.ts';
import { Notify } from '../../domain/use-cases/notify.ts';
import { SendMessage } from '../../domain/use-cases/send-message.ts';
import { DEFAULT_SUBSCRIPTION_LIMITS, Subscribe } from '../../domain/use-cases/subscribe.ts';
import { Unsubscribe } from '../../domain/use-cases/unsubscribe.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

/** The use cases: the same for every composition. */
export const useCases = (policy: DeliveryPolicy): ContainerModule =>
  new ContainerModule(options => {
    const { registry, store, bus, queue, gateway, encoder, idempotency } = TOKENS;
    const { clock, ids, logger, metrics, deliver } = TOKENS;
    singleton(options, TOKENS.connect, { registry, clock, metrics }, parts => new Connect(parts));
    singleton(options, TOKENS.disconnect, { registry }, parts => new Disconnect(parts));
    singleton(
      options,
      TOKENS.subscribe,
      { registry, store },
      parts => new Subscribe(parts, DEFAULT_SUBSCRIPTION_LIMITS),
    );
    singleton(options, TOKENS.unsubscribe, { registry }, parts => new Unsubscribe(parts));
    singleton(options, TOKENS.history, { store }, parts => new History(parts));
    singleton(
      options,
      TOKENS.sendMessage,
      { store, bus, clock, ids, metrics },
      parts => new SendMessage(parts),
    );
    singleton(
      options,
      TOKENS.notify,
      { store, bus, idempotency, clock, ids, metrics },
      parts => new Notify(parts),
    );
    singleton(
      options,
      TOKENS.deliver,
      { gateway, registry, queue, encoder, clock, ids, logger, metrics },
      parts => new Deliver(parts, policy),
    );
    singleton(
      options,
      TOKENS.fanOut,
      { registry, queue, deliver, metrics },
      parts => new FanOut(parts, policy),
    );
  });
