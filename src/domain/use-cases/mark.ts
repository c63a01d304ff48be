import type { Clock } from '../../ports/clock.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { EventBus } from '../../ports/event-bus.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import { userChannel } from '../channel.ts';
import { FanfareError } from '../errors.ts';
import type { MessageId, UserId } from '../ids.ts';
import { messageId } from '../ids.ts';
import type { InboxChange, Mark as MarkAs } from '../inbox.ts';
import type { MessageDraft } from '../message.ts';
import { entriesAbout } from '../trail.ts';
import type { PlanWithdrawal } from './plan-withdrawal.ts';

/** Marks a user's notifications, and tells the user's other screens. */
export class Mark {
  readonly #ports: MarkPorts;

  constructor(ports: MarkPorts) {
    this.#ports = ports;
  }

  /**
   * @param user whose inbox it is: the caller has made sure that they may
   * @throws FanfareError `not-found` naming the first that is not in the inbox; then nothing is marked
   */
  async execute(user: UserId, ids: readonly MessageId[], as: MarkAs): Promise<number> {
    const outcome = await this.#ports.inbox.mark(user, ids, as);
    if ('unknown' in outcome) throw notInInbox(ids, outcome.unknown);
    await this.#note(user, ids, as);
    await this.#tell(user, { as, messageIds: ids, unread: outcome.unread });
    if (as === 'read' || as === 'archived') await this.#ports.planWithdrawal.execute(user, ids);
    return outcome.unread;
  }

  /** @returns how many are unread since: those that came meanwhile */
  async all(user: UserId): Promise<number> {
    const { unread, read } = await this.#ports.inbox.markAllRead(user);
    await this.#note(user, read, 'read');
    await this.#tell(user, { as: 'read', unread });
    await this.#ports.planWithdrawal.execute(user);
    return unread;
  }

  async #note(user: UserId, ids: readonly MessageId[], as: MarkAs): Promise<void> {
    const { trail, clock } = this.#ports;
    await trail.append(entriesAbout(user, ids, clock.now(), { kind: as }));
  }

  async #tell(user: UserId, change: InboxChange): Promise<void> {
    const { store, bus, clock, ids } = this.#ports;
    const draft: MessageDraft = {
      id: messageId(`mrk_${ids.next()}`),
      channel: userChannel(user),
      sentAt: clock.now(),
      from: user,
      content: { kind: 'inbox', change },
    };
    const { position } = await store.append(draft);
    await bus.publish([{ ...draft, ...position }]);
  }
}

export interface MarkPorts {
  readonly inbox: InboxStore;
  readonly store: MessageStore;
  readonly trail: TrailWriter;
  readonly planWithdrawal: Pick<PlanWithdrawal, 'execute'>;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Names the first that is in nobody's inbox or in another's: the two look the same. */
export const notInInbox = (ids: readonly MessageId[], unknown: readonly MessageId[]): FanfareError =>
  new FanfareError('not-found', `there is no ${unknown[0]} in this inbox`, {
    field: `messageIds[${ids.findIndex(id => unknown.includes(id))}]`,
  });
