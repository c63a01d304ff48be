import type { MessageStore } from '../../ports/message-store.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import type { Channel } from '../channel.ts';
import { presenceChannel } from '../channel.ts';
import type { ChannelPolicies } from '../channel-policy.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { requireCapability } from '../identity.ts';
import type { Position } from '../message.ts';
import type { PresenceList } from '../presence.ts';
import { PRESENCE_LISTED } from './tell-presence.ts';

export interface PresenceAnswer extends PresenceList {
  /** Where the log of comings and goings was before the list was read: what is above it comes on top. */
  readonly position: Position;
}

/** Tells who is in a channel, to those who may know. */
export class Presence {
  readonly #ports: PresencePorts;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
  }

  /** @throws FanfareError `forbidden` without the capability, `invalid` where presence is not kept */
  async execute(identity: Identity, channel: Channel): Promise<PresenceAnswer> {
    requireCapability(identity, 'presence', channel);
    const { policies, store, presence } = this.#ports;
    if (!policies.of(channel).presence) {
      throw new FanfareError('invalid', `presence is not kept for ${channel}`, { field: 'channel' });
    }
    const position = await store.position(presenceChannel(channel));
    return { ...(await presence.list(channel, PRESENCE_LISTED)), position };
  }
}

export interface PresencePorts {
  readonly presence: PresenceStore;
  readonly policies: ChannelPolicies;
  readonly store: MessageStore;
}
