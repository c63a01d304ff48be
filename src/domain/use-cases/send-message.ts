import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import type { Channel } from '../channel.ts';
import type { ChannelPolicies } from '../channel-policy.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { requireCapability } from '../identity.ts';
import { messageId } from '../ids.ts';
import type { Json, Message, MessageDraft } from '../message.ts';

export interface MessageToSend {
  readonly channel: Channel;
  readonly data: Json;
  /** The sender's own name for it, so that sending it again is sending it once. */
  readonly key?: string;
}

/** Puts a message from one of a channel's own into its log, and tells the others. */
export class SendMessage {
  readonly #ports: SendMessagePorts;

  constructor(ports: SendMessagePorts) {
    this.#ports = ports;
  }

  /**
   * A message of a key that its sender used in the channel before gets the first one's place, and is told again.
   *
   * @throws FanfareError `forbidden` without the capability or where only admins publish, `invalid` for data that the
   *   channel's schema refuses, `rate-limited` past the channel's rate, `unavailable` when it could not be stored or
   *   published
   */
  async execute(identity: Identity, { channel, data, key }: MessageToSend): Promise<Message> {
    requireCapability(identity, 'publish', channel);
    await this.#requirePolicy(identity, channel, data);
    const { store, bus, clock, ids, metrics } = this.#ports;
    const draft: MessageDraft = {
      id: messageId(`msg_${key === undefined ? ids.next() : `${identity.user}.${key}`}`),
      channel,
      sentAt: clock.now(),
      from: identity.user,
      content: { kind: 'data', data },
    };
    const { position, duplicate } = await store.append(draft);
    metrics.count('messages_appended_total', { outcome: duplicate ? 'duplicate' : 'new' });
    const message: Message = { ...draft, ...position };
    await bus.publish([message]);
    return message;
  }

  async #requirePolicy({ admin }: Identity, channel: Channel, data: Json): Promise<void> {
    const { policies, limiter } = this.#ports;
    const { publish, check, rate } = policies.of(channel);
    if (publish === 'admin' && !admin) {
      throw new FanfareError('forbidden', `only an admin token may publish on ${channel}`, {
        field: 'channel',
      });
    }
    const wrong = check?.(data);
    if (wrong !== undefined) throw new FanfareError('invalid', wrong.message, { field: wrong.field });
    if (rate === undefined) return;
    const decision = await limiter.take(`channel/${channel}`, rate);
    if (decision.allowed) return;
    throw new FanfareError('rate-limited', `${channel} takes ${rate.perSecond} messages a second`, {
      field: 'channel',
      retryAfterMs: decision.retryAfterMs,
    });
  }
}

export interface SendMessagePorts {
  readonly policies: ChannelPolicies;
  readonly limiter: RateLimiter;
  readonly store: MessageStore;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly metrics: Metrics;
}
