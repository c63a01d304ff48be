import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Channel } from '../channel.ts';
import type { Identity } from '../identity.ts';
import { requireCapability } from '../identity.ts';
import { messageId } from '../ids.ts';
import type { Json, Message, MessageDraft } from '../message.ts';

/** Puts a message from one of a channel's own into its log, and tells the others. */
export class SendMessage {
  readonly #ports: SendMessagePorts;

  constructor(ports: SendMessagePorts) {
    this.#ports = ports;
  }

  /** @throws FanfareError `forbidden` without the capability, `unavailable` when it could not be stored or published */
  async execute(identity: Identity, channel: Channel, data: Json): Promise<Message> {
    requireCapability(identity, 'publish', channel);
    const { store, bus, clock, ids, metrics } = this.#ports;
    const draft: MessageDraft = {
      id: messageId(`msg_${ids.next()}`),
      channel,
      sentAt: clock.now(),
      from: identity.user,
      content: { kind: 'data', data },
    };
    const { position } = await store.append(draft);
    metrics.count('messages_appended_total', { outcome: 'new' });
    const message: Message = { ...draft, ...position };
    await bus.publish([message]);
    return message;
  }
}

export interface SendMessagePorts {
  readonly store: MessageStore;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly metrics: Metrics;
}
