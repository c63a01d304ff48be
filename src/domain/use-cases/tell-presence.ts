import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { PresenceQueue } from '../../ports/presence-queue.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import { presenceChannel } from '../channel.ts';
import { messageId } from '../ids.ts';
import type { MessageDraft } from '../message.ts';
import type { PresenceChange, PresenceEvent } from '../presence.ts';

/** Users that a list names. In a channel of more, comings and goings are told to nobody. */
export const PRESENCE_LISTED = 100;

/** Tells those who follow a channel's presence who came and who left. */
export class TellPresence {
  readonly #ports: TellPresencePorts;

  constructor(ports: TellPresencePorts) {
    this.#ports = ports;
  }

  /** Safe to repeat. Whoever is back when the grace is over never left. */
  async execute(event: PresenceEvent): Promise<void> {
    if (event.event !== 'leaving') return this.#tell({ ...event, event: event.event });
    const { presence, presenceQueue } = this.#ports;
    const outcome = await presence.settle(event.channel, event.user);
    if (outcome === 'left') await presenceQueue.enqueue([{ ...event, event: 'left' }]);
  }

  async #tell({ id, channel, user, event }: Telling): Promise<void> {
    const { presence, store, bus, clock } = this.#ports;
    const { count, users } = await presence.list(channel, PRESENCE_LISTED);
    if (users === undefined) return;
    const draft: MessageDraft = {
      id: messageId(`prs_${id}`),
      channel: presenceChannel(channel),
      sentAt: clock.now(),
      from: user,
      content: { kind: 'presence', change: { event, user, count } },
    };
    const { position } = await store.append(draft);
    await bus.publish([{ ...draft, ...position }]);
  }
}

type Telling = Omit<PresenceEvent, 'event'> & Pick<PresenceChange, 'event'>;

export interface TellPresencePorts {
  readonly presence: PresenceStore;
  readonly presenceQueue: PresenceQueue;
  readonly store: MessageStore;
  readonly bus: EventBus;
  readonly clock: Clock;
}
