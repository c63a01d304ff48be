import { causeOf, FanfareError } from '../../domain/errors.ts';
import type { PresenceLook } from '../../domain/presence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PresenceQueue } from '../../ports/presence-queue.ts';
import { LONGEST_LOOK_DELAY_MS } from '../../ports/presence-queue.ts';

/** How often a look whose consumer fails is given out, as a queue on AWS does, and how far apart. */
const ATTEMPTS = 5;
const AGAIN_AFTER_MS = 5_000;

export class MemoryPresenceQueue implements PresenceQueue {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #consumer: (look: PresenceLook) => Promise<void> = async () => undefined;

  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  consume(consumer: (look: PresenceLook) => Promise<void>): void {
    this.#consumer = consumer;
  }

  async enqueue(looks: readonly PresenceLook[], delayMs = 0): Promise<void> {
    if (delayMs > LONGEST_LOOK_DELAY_MS) {
      throw new FanfareError('invalid', `a look cannot be delayed by more than ${LONGEST_LOOK_DELAY_MS} ms`);
    }
    for (const look of looks) this.#giveOut(look, delayMs, 1);
  }

  #giveOut(look: PresenceLook, delayMs: number, attempt: number): void {
    this.#clock.after(delayMs, () => {
      this.#consumer(look).catch((error: unknown) => {
        const fields = { ...look, attempt, cause: causeOf(error) };
        if (attempt === ATTEMPTS) {
          this.#logger.error('presence.given-up', fields);
          return;
        }
        this.#logger.warn('presence.failed', fields);
        this.#giveOut(look, AGAIN_AFTER_MS, attempt + 1);
      });
    });
  }
}
