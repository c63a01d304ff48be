import type { IdGenerator } from '../../ports/id-generator.ts';
import type { PresenceQueue } from '../../ports/presence-queue.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Channel } from '../channel.ts';
import type { ChannelPolicies } from '../channel-policy.ts';
import type { Connection } from '../connection.ts';
import type { UserId } from '../ids.ts';
import type { PresenceEvent } from '../presence.ts';

/** How long a user whose last device is gone has to come back unnoticed. */
export const PRESENCE_GRACE_MS = 15_000;

/** Keeps who is in the channels whose policy asks for it. */
export class TrackPresence {
  readonly #ports: TrackPresencePorts;

  constructor(ports: TrackPresencePorts) {
    this.#ports = ports;
  }

  /** A connection follows these channels now. Safe to repeat. */
  async entered({ id, identity, expiresAt }: Connection, channels: readonly Channel[]): Promise<void> {
    const { presence, presenceQueue } = this.#ports;
    const { user } = identity;
    const joined: PresenceEvent[] = [];
    for (const channel of this.#kept(channels)) {
      const outcome = await presence.enter(channel, { user, connectionId: id, expiresAt });
      if (outcome === 'joined') joined.push(this.#event(channel, user, 'joined'));
    }
    if (joined.length > 0) await presenceQueue.enqueue(joined);
  }

  /** A connection follows these channels no more. Safe to repeat. */
  async left({ id, identity }: Connection, channels: readonly Channel[]): Promise<void> {
    const { presence, presenceQueue } = this.#ports;
    const { user } = identity;
    const leaving: PresenceEvent[] = [];
    for (const channel of this.#kept(channels)) {
      const outcome = await presence.leave(channel, { user, connectionId: id });
      if (outcome === 'last') leaving.push(this.#event(channel, user, 'leaving'));
    }
    if (leaving.length > 0) await presenceQueue.enqueue(leaving, PRESENCE_GRACE_MS);
  }

  #kept(channels: readonly Channel[]): readonly Channel[] {
    const { policies } = this.#ports;
    return policies.keepPresence ? channels.filter(channel => policies.of(channel).presence) : [];
  }

  #event(channel: Channel, user: UserId, event: PresenceEvent['event']): PresenceEvent {
    return { id: this.#ports.ids.next(), channel, user, event };
  }
}

export interface TrackPresencePorts {
  readonly presence: PresenceStore;
  readonly presenceQueue: PresenceQueue;
  readonly policies: ChannelPolicies;
  readonly ids: IdGenerator;
}
