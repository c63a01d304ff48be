import type { DeliveryQueue } from '../../ports/delivery-queue.ts';
import type { Logger } from '../../ports/logger.ts';
import type { DeadLetter } from '../delivery.ts';
import { REDRIVE_LIMIT } from '../delivery.ts';
import type { Identity } from '../identity.ts';
import { requireAdmin } from '../identity.ts';

export interface DeadLetterPage {
  /** The oldest first. */
  readonly deadLetters: readonly DeadLetter[];
  /** There are no others. */
  readonly complete: boolean;
}

/** Shows what delivery gave up on, and gives it another try, for admins. */
export class Redrive {
  readonly #ports: { readonly queue: DeliveryQueue; readonly logger: Logger };

  constructor(ports: { queue: DeliveryQueue; logger: Logger }) {
    this.#ports = ports;
  }

  /**
   * Looks without taking any away.
   *
   * @throws FanfareError `forbidden` for all but admins
   */
  async look(identity: Identity, limit: number = REDRIVE_LIMIT): Promise<DeadLetterPage> {
    requireAdmin(identity);
    const found = await this.#ports.queue.deadLetters(limit + 1);
    return { deadLetters: found.slice(0, limit), complete: found.length <= limit };
  }

  /**
   * Puts the oldest back with all their attempts. Who had the message already may get it again and drops it by its
   * offset.
   *
   * @returns how many; fewer than asked for when there are no others
   * @throws FanfareError `forbidden` for all but admins
   */
  async execute(identity: Identity, limit: number = REDRIVE_LIMIT): Promise<number> {
    requireAdmin(identity);
    const { queue, logger } = this.#ports;
    const redriven = await queue.redrive(limit);
    if (redriven > 0) logger.info('dead-letters.redriven', { by: identity.user, redriven });
    return redriven;
  }
}
