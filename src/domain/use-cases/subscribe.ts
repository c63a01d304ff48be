import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { Channel } from '../channel.ts';
import type { Connection } from '../connection.ts';
import { FanfareError } from '../errors.ts';
import { requireCapability } from '../identity.ts';
import type { Position } from '../message.ts';

export interface SubscriptionLimits {
  /** Channels that one connection may follow at once, its own and the broadcast included. */
  readonly maxPerConnection: number;
}

export const DEFAULT_SUBSCRIPTION_LIMITS: SubscriptionLimits = { maxPerConnection: 100 };

/** Lets a connection follow a channel. */
export class Subscribe {
  readonly #ports: { readonly registry: ConnectionRegistry; readonly store: MessageStore };
  readonly #limits: SubscriptionLimits;

  constructor(ports: { registry: ConnectionRegistry; store: MessageStore }, limits: SubscriptionLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /**
   * The position is read after the subscription stands, so everything above it reaches the connection.
   *
   * @throws FanfareError `forbidden` without the capability, `limit-exceeded` past the limit, `not-found` when the
   *   connection is gone
   */
  async execute(connection: Connection, channel: Channel): Promise<Position> {
    requireCapability(connection.identity, 'subscribe', channel);
    const { registry, store } = this.#ports;
    const followed = await registry.subscriptions(connection.id);
    if (followed.length >= this.#limits.maxPerConnection && !followed.includes(channel)) {
      const { maxPerConnection } = this.#limits;
      throw new FanfareError('limit-exceeded', `a connection may follow ${maxPerConnection} channels`, {
        field: 'channel',
      });
    }
    const outcome = await registry.subscribe(connection.id, channel);
    if (outcome === 'unknown') throw new FanfareError('not-found', 'the connection is closed');
    return store.position(channel);
  }
}
