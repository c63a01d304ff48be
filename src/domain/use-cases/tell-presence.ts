import type { Clock } from '../../ports/clock.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { PresenceQueue } from '../../ports/presence-queue.ts';
import { LONGEST_LOOK_DELAY_MS } from '../../ports/presence-queue.ts';
import type { PresenceStore } from '../../ports/presence-store.ts';
import { presenceChannel } from '../channel.ts';
import { messageId } from '../ids.ts';
import type { MessageDraft } from '../message.ts';
import type { PresenceLook, PresenceStep, Stay, Telling } from '../presence.ts';
import { nextStep } from '../presence.ts';

/** Users that a list names. In a channel of more, comings and goings are told to nobody. */
export const PRESENCE_LISTED = 100;

/**
 * Tells those who follow a channel's presence who came and who left. It looks at what is, not at what happened: a look
 * that comes twice, late or after another has nothing left to do, and one that fails leaves what it decided to the next.
 */
export class TellPresence {
  readonly #ports: TellPresencePorts;

  constructor(ports: TellPresencePorts) {
    this.#ports = ports;
  }

  /** Safe to repeat, at any point and at the same time. */
  async execute(look: PresenceLook): Promise<void> {
    const { presence, clock, ids } = this.#ports;
    const { channel, user } = look;
    for (;;) {
      const stay = await presence.find(channel, user);
      if (stay === undefined) return;
      const next = nextStep(stay, clock.now());
      switch (next.step) {
        case 'tell':
          await this.#tell(look, next.telling);
          await presence.told(channel, user, next.telling.id);
          break;
        case 'decide':
          await presence.decide(channel, user, stay, { id: ids.next(), event: next.event });
          break;
        case 'forget':
          if (await presence.forget(channel, user, stay)) return;
          break;
        case 'wait':
          return this.#lookAgain(look, stay, next);
      }
    }
  }

  async #tell({ channel, user }: PresenceLook, { id, event }: Telling): Promise<void> {
    const { presence, store, bus, clock } = this.#ports;
    const users = await presence.few(channel, PRESENCE_LISTED);
    if (users === undefined) return;
    const count = users.length;
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

  /** Of a user who is here, one watch goes on; of one who may be back in a moment, every look. */
  async #lookAgain(look: PresenceLook, { telling }: Stay, { until, here }: Waiting): Promise<void> {
    const { presenceQueue, clock } = this.#ports;
    const delayMs = Math.min(until - clock.now(), LONGEST_LOOK_DELAY_MS);
    if (!here) return presenceQueue.enqueue([look], delayMs);
    const watches = look.reason === 'entered' || (look.reason === 'watch' && look.joining === telling?.id);
    if (!watches || telling === undefined) return;
    const { channel, user } = look;
    await presenceQueue.enqueue([{ channel, user, reason: 'watch', joining: telling.id }], delayMs);
  }
}

type Waiting = Extract<PresenceStep, { readonly step: 'wait' }>;

export interface TellPresencePorts {
  readonly presence: PresenceStore;
  readonly presenceQueue: PresenceQueue;
  readonly store: MessageStore;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}
