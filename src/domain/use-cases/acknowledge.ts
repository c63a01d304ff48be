import type { Clock } from '../../ports/clock.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { MessageId, UserId } from '../ids.ts';
import { notInInbox } from './mark.ts';

/** Notes that a user's notifications were shown on a screen. */
export class Acknowledge {
  readonly #ports: { readonly inbox: InboxStore; readonly clock: Clock };

  constructor(ports: { inbox: InboxStore; clock: Clock }) {
    this.#ports = ports;
  }

  /** @throws FanfareError `not-found` naming the first that is not in the user's inbox; then nothing is noted */
  async execute(user: UserId, ids: readonly MessageId[]): Promise<void> {
    const { inbox, clock } = this.#ports;
    const unknown = await inbox.shown(user, ids, clock.now());
    if (unknown.length > 0) throw notInInbox(ids, unknown);
  }
}
