import type { PresenceQueue } from '../../ports/presence-queue.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Channel } from '../channel.ts';
import type { ChannelPolicies } from '../channel-policy.ts';
import type { Connection } from '../connection.ts';
import type { PresenceLook } from '../presence.ts';
import { PRESENCE_GRACE_MS } from '../presence.ts';

/** Keeps who is in the channels whose policy asks for it. */
export class TrackPresence {
  readonly #ports: TrackPresencePorts;

  constructor(ports: TrackPresencePorts) {
    this.#ports = ports;
  }

  /** A connection follows these channels now. Safe to repeat, and to be repeated when it failed. */
  async entered({ id, identity, expiresAt }: Connection, channels: readonly Channel[]): Promise<void> {
    const { presence, presenceQueue } = this.#ports;
    const { user } = identity;
    const looks: PresenceLook[] = [];
    for (const channel of this.#kept(channels)) {
      const outcome = await presence.enter(channel, { user, connectionId: id, expiresAt });
      if (outcome === 'joined') looks.push({ channel, user, reason: 'entered' });
    }
    if (looks.length > 0) await presenceQueue.enqueue(looks);
  }

  /** A connection follows these channels no more. Safe to repeat. Should it fail, the watch over the user finds out. */
  async left({ id, identity }: Connection, channels: readonly Channel[]): Promise<void> {
    const { presence, presenceQueue } = this.#ports;
    const { user } = identity;
    const looks: PresenceLook[] = [];
    for (const channel of this.#kept(channels)) {
      const outcome = await presence.leave(channel, { user, connectionId: id });
      if (outcome === 'last') looks.push({ channel, user, reason: 'left' });
    }
    if (looks.length > 0) await presenceQueue.enqueue(looks, PRESENCE_GRACE_MS);
  }

  #kept(channels: readonly Channel[]): readonly Channel[] {
    const { policies } = this.#ports;
    return policies.keepPresence ? channels.filter(channel => policies.of(channel).presence) : [];
  }
}

export interface TrackPresencePorts {
  readonly presence: PresenceStore;
  readonly presenceQueue: PresenceQueue;
  readonly policies: ChannelPolicies;
}
