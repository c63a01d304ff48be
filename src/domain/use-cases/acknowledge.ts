import type { Clock } from '../../ports/clock.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { MessageId, UserId } from '../ids.ts';
import { entriesAbout } from '../trail.ts';
import { notInInbox } from './mark.ts';

/** Notes that a user's notifications were shown on a screen. */
export class Acknowledge {
  readonly #ports: AcknowledgePorts;

  constructor(ports: AcknowledgePorts) {
    this.#ports = ports;
  }

  /** @throws FanfareError `not-found` naming the first that is not in the user's inbox; then nothing is noted */
  async execute(user: UserId, ids: readonly MessageId[]): Promise<void> {
    const { inbox, trail, clock } = this.#ports;
    const at = clock.now();
    const unknown = await inbox.shown(user, ids, at);
    if (unknown.length > 0) throw notInInbox(ids, unknown);
    await trail.append(entriesAbout(user, ids, at, { kind: 'shown' }));
  }
}

export interface AcknowledgePorts {
  readonly inbox: InboxStore;
  readonly trail: TrailWriter;
  readonly clock: Clock;
}
