import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PushTaskStore } from '../../ports/push-task-store.ts';
import { REDRIVE_LIMIT } from '../delivery.ts';
import type { Identity } from '../identity.ts';
import { requireAdmin } from '../identity.ts';
import type { DeadPushTask } from '../push-task.ts';

export interface DeadPushPage {
  /** The oldest first. */
  readonly deadPushes: readonly DeadPushTask[];
  /** There are no others. */
  readonly complete: boolean;
}

/** Shows which pushes were given up, and gives them another try, for admins. */
export class RedrivePushes {
  readonly #ports: RedrivePushesPorts;

  constructor(ports: RedrivePushesPorts) {
    this.#ports = ports;
  }

  /** Looks without taking any away. @throws FanfareError `forbidden` for all but admins */
  async look(identity: Identity, limit: number = REDRIVE_LIMIT): Promise<DeadPushPage> {
    requireAdmin(identity);
    const found = await this.#ports.tasks.deadLetters(limit + 1);
    return { deadPushes: found.slice(0, limit), complete: found.length <= limit };
  }

  /**
   * Takes the oldest on again with all their tries. What has expired meanwhile is given up again.
   *
   * @returns how many; fewer than asked for when there are no others
   * @throws FanfareError `forbidden` for all but admins
   */
  async execute(identity: Identity, limit: number = REDRIVE_LIMIT): Promise<number> {
    requireAdmin(identity);
    const { tasks, clock, logger } = this.#ports;
    const redriven = await tasks.redrive(limit, clock.now());
    if (redriven > 0) logger.info('pushes.redriven', { by: identity.user, redriven });
    return redriven;
  }
}

export interface RedrivePushesPorts {
  readonly tasks: PushTaskStore;
  readonly clock: Clock;
  readonly logger: Logger;
}
