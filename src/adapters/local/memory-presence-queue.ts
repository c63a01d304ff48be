import { causeOf } from '../../domain/errors.ts';
import type { PresenceEvent } from '../../domain/presence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PresenceQueue } from '../../ports/presence-queue.ts';

/** How often an event whose consumer fails is given out, as a queue on AWS does, and how far apart. */
const ATTEMPTS = 5;
const AGAIN_AFTER_MS = 5_000;

export class MemoryPresenceQueue implements PresenceQueue {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #consumer: (event: PresenceEvent) => Promise<void> = async () => undefined;

  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  consume(consumer: (event: PresenceEvent) => Promise<void>): void {
    this.#consumer = consumer;
  }

  async enqueue(events: readonly PresenceEvent[], delayMs = 0): Promise<void> {
    for (const event of events) this.#giveOut(event, delayMs, 1);
  }

  #giveOut(event: PresenceEvent, delayMs: number, attempt: number): void {
    this.#clock.after(delayMs, () => {
      this.#consumer(event).catch((error: unknown) => {
        const fields = { ...event, attempt, cause: causeOf(error) };
        if (attempt === ATTEMPTS) {
          this.#logger.error('presence.given-up', fields);
          return;
        }
        this.#logger.warn('presence.failed', fields);
        this.#giveOut(event, AGAIN_AFTER_MS, attempt + 1);
      });
    });
  }
}
