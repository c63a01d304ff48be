import { ContainerModule } from 'inversify';
import type { DeliveryPolicy } from '../../domain/delivery-policy.ts';
import { Acknowledge } from '../../domain/use-cases/acknowledge.ts';
import { Connect } from '../../domain/use-cases/connect.ts';
import { Deliver } from '../../domain/use-cases/deliver.ts';
import { Disconnect } from '../../domain/use-cases/disconnect.ts';
import { FanOut } from '../../domain/use-cases/fan-out.ts';
import { History } from '../../domain/use-cases/history.ts';
import { Inbox } from '../../domain/use-cases/inbox.ts';
import { Mark } from '../../domain/use-cases/mark.ts';
import { Notify } from '../../domain/use-cases/notify.ts';
import { Presence } from '../../domain/use-cases/presence.ts';
import { Redrive } from '../../domain/use-cases/redrive.ts';
import { SendMessage } from '../../domain/use-cases/send-message.ts';
import { DEFAULT_SUBSCRIPTION_LIMITS, Subscribe } from '../../domain/use-cases/subscribe.ts';
import { TellPresence } from '../../domain/use-cases/tell-presence.ts';
import { TrackPresence } from '../../domain/use-cases/track-presence.ts';
import { Unsubscribe } from '../../domain/use-cases/unsubscribe.ts';
import type { Needs, Parts, Token } from '../injection.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';

/** The use cases: the same for every composition. */
export const useCases = (policy: DeliveryPolicy): ContainerModule =>
  new ContainerModule(options => {
    const { registry, store, bus, queue, gateway, encoder, trail, idempotency, limiter } = TOKENS;
    const { categories, preferences, presence, presenceQueue, inbox, policies, clock, ids, logger, metrics } =
      TOKENS;
    const { trackPresence, disconnect, deliver, planPush, planWithdrawal } = TOKENS;
    const one = <Part, Needed extends Needs>(
      token: Token<Part>,
      needs: Needed,
      UseCase: new (parts: Parts<Needed>) => Part,
    ): void => singleton(options, token, needs, parts => new UseCase(parts));

    one(TOKENS.connect, { registry, clock, metrics, trackPresence }, Connect);
    one(disconnect, { registry, trackPresence }, Disconnect);
    one(TOKENS.unsubscribe, { registry, trackPresence }, Unsubscribe);
    one(TOKENS.history, { store, policies }, History);
    one(TOKENS.sendMessage, { policies, limiter, store, bus, clock, ids, metrics }, SendMessage);
    one(
      TOKENS.notify,
      { store, inbox, trail, planPush, bus, idempotency, categories, preferences, clock, ids, metrics },
      Notify,
    );

    one(trackPresence, { presence, presenceQueue, policies }, TrackPresence);
    one(TOKENS.tellPresence, { presence, presenceQueue, store, bus, clock, ids }, TellPresence);
    one(TOKENS.readPresence, { presence, policies, store }, Presence);
    one(TOKENS.readInbox, { inbox }, Inbox);
    one(TOKENS.mark, { inbox, store, trail, bus, clock, ids, planWithdrawal }, Mark);
    one(TOKENS.acknowledge, { inbox, trail, clock }, Acknowledge);
    one(TOKENS.redrive, { queue, logger }, Redrive);

    const subscribing = { registry, store, policies, trackPresence };
    singleton(
      options,
      TOKENS.subscribe,
      subscribing,
      parts => new Subscribe(parts, DEFAULT_SUBSCRIPTION_LIMITS),
    );
    const delivering = { gateway, registry, disconnect, queue, encoder, trail, clock, ids, logger, metrics };
    singleton(options, deliver, delivering, parts => new Deliver(parts, policy));
    const fanningOut = { registry, queue, deliver, trail, clock, metrics };
    singleton(options, TOKENS.fanOut, fanningOut, parts => new FanOut(parts, policy));
  });
