import type { Logger } from '../../ports/logger.ts';
import type { DeadLetter } from '../delivery.ts';
import { REDRIVE_LIMIT } from '../delivery.ts';
import type { Identity } from '../identity.ts';
import { requireAdmin } from '../identity.ts';

export interface DeadLetterPage<Dead> {
  /** The oldest first. */
  readonly deadLetters: readonly Dead[];
  /** There are no others. */
  readonly complete: boolean;
}

/** Shows what was given up, deliveries or pushes, and gives it another try, for admins. */
export class Redrive<Dead = DeadLetter> {
  readonly #ports: RedrivePorts<Dead>;
  readonly #event: string;

  /** @param event under which it is logged that some were put back */
  constructor(ports: RedrivePorts<Dead>, event = 'dead-letters.redriven') {
    this.#ports = ports;
    this.#event = event;
  }

  /**
   * Looks without taking any away.
   *
   * @throws FanfareError `forbidden` for all but admins
   */
  async look(identity: Identity, limit: number = REDRIVE_LIMIT): Promise<DeadLetterPage<Dead>> {
    requireAdmin(identity);
    const found = await this.#ports.queue.deadLetters(limit + 1);
    return { deadLetters: found.slice(0, limit), complete: found.length <= limit };
  }

  /**
   * Puts the oldest back with all their attempts. Who had the message already may get it again and drops it by its
   * offset; a push that has expired meanwhile is given up again.
   *
   * @returns how many; fewer than asked for when there are no others
   * @throws FanfareError `forbidden` for all but admins
   */
  async execute(identity: Identity, limit: number = REDRIVE_LIMIT): Promise<number> {
    requireAdmin(identity);
    const { queue, logger } = this.#ports;
    const redriven = await queue.redrive(limit);
    if (redriven > 0) logger.info(this.#event, { by: identity.user, redriven });
    return redriven;
  }
}

export interface RedrivePorts<Dead> {
  /** Where it is kept, as a delivery queue keeps it. */
  readonly queue: {
    deadLetters(limit: number): Promise<readonly Dead[]>;
    redrive(limit: number): Promise<number>;
  };
  readonly logger: Logger;
}
