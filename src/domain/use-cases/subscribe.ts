import type { ConnectionRegistry } from '../../ports/connection-registry.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { Channel } from '../channel.ts';
import type { ChannelPolicies } from '../channel-policy.ts';
import type { Connection } from '../connection.ts';
import { FanfareError } from '../errors.ts';
import { requireCapability } from '../identity.ts';
import type { Position } from '../message.ts';
import type { Follow, Followed, FollowOutcome } from '../subscription.ts';
import type { TrackPresence } from './track-presence.ts';

export interface SubscriptionLimits {
  /** Channels that one connection may follow at once, its own and the broadcast included. */
  readonly maxPerConnection: number;
  /** Missed messages that one subscription replays; whoever missed more reads history or starts anew. */
  readonly maxReplayed: number;
}

export const DEFAULT_SUBSCRIPTION_LIMITS: SubscriptionLimits = { maxPerConnection: 100, maxReplayed: 300 };

/** Channels of one request that are worked on at once. */
const AT_ONCE = 10;

/** Lets a connection follow channels, each from where it left off. */
export class Subscribe {
  readonly #ports: SubscribePorts;
  readonly #limits: SubscriptionLimits;

  constructor(ports: SubscribePorts, limits: SubscriptionLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /**
   * The log is read after the subscription stands, so that a message is replayed, or pushed, or both: never neither.
   *
   * @returns an outcome for each, in their order. Errors: `forbidden` without the capability, `limit-exceeded` past
   *   the limit, `not-found` when the connection is gone, `unavailable` when a store is
   */
  async execute(connection: Connection, wanted: readonly Follow[]): Promise<readonly FollowOutcome[]> {
    const followed = new Set(await this.#ports.registry.subscriptions(connection.id));
    const outcomes: FollowOutcome[] = [];
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      const some = wanted.slice(start, start + AT_ONCE);
      outcomes.push(...(await Promise.all(some.map(follow => this.#follow(connection, follow, followed)))));
    }
    return outcomes;
  }

  /** What is not told to a client as its own error is thrown. */
  async #follow(connection: Connection, follow: Follow, followed: Set<Channel>): Promise<FollowOutcome> {
    const { channel, since } = follow;
    const { registry, store, policies } = this.#ports;
    try {
      requireCapability(connection.identity, 'subscribe', channel);
      this.#requireRoom(channel, followed);
      const outcome = await registry.subscribe(connection.id, channel);
      if (outcome === 'unknown') throw closed();
      await this.#enter(connection, channel);
      return since === undefined || !policies.of(channel).history
        ? { channel, position: await store.position(channel), recovered: false, missed: [] }
        : { channel, ...(await this.#replay(channel, since)) };
    } catch (error) {
      if (error instanceof FanfareError) return { channel, error };
      throw error;
    }
  }

  #requireRoom(channel: Channel, followed: Set<Channel>): void {
    const { maxPerConnection } = this.#limits;
    if (followed.size >= maxPerConnection && !followed.has(channel)) {
      const expected = `a connection may follow ${maxPerConnection} channels`;
      throw new FanfareError('limit-exceeded', expected, { field: 'channel' });
    }
    followed.add(channel);
  }

  /**
   * Whoever closed the connection meanwhile may not have seen this channel among those to leave. Done for a channel that was
   * followed before as well, since it may be what failed then.
   */
  async #enter(connection: Connection, channel: Channel): Promise<void> {
    const { registry, policies, trackPresence } = this.#ports;
    if (!policies.of(channel).presence) return;
    await trackPresence.entered(connection, [channel]);
    if ((await registry.find(connection.id)) !== undefined) return;
    await trackPresence.left(connection, [channel]);
    throw closed();
  }

  /** All that was missed, or nothing: a gap in the middle would go unnoticed. */
  async #replay(channel: Channel, since: Position): Promise<Omit<Followed, 'channel'>> {
    const limit = this.#limits.maxReplayed;
    const { messages, position, trimmed } = await this.#ports.store.read(channel, {
      after: since.offset,
      limit,
    });
    const missing = position.offset - since.offset;
    const recovered =
      since.epoch === position.epoch && !trimmed && missing >= 0 && messages.length >= missing;
    return { position, recovered, missed: recovered ? messages.slice(0, missing) : [] };
  }
}

export interface SubscribePorts {
  readonly registry: ConnectionRegistry;
  readonly store: MessageStore;
  readonly policies: ChannelPolicies;
  readonly trackPresence: TrackPresence;
}

const closed = (): FanfareError => new FanfareError('not-found', 'the connection is closed');
