import type { TrailEntry, TrailEvent } from '../../domain/trail.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { Logger } from '../../ports/logger.ts';

/** Writes what went wrong for good to the function's log, and keeps nothing. */
export class LoggedTrail implements TrailWriter {
  readonly #logger: Logger;

  constructor({ logger }: { readonly logger: Logger }) {
    this.#logger = logger;
  }

  async append(entries: readonly TrailEntry[]): Promise<void> {
    for (const { notificationId, user, event } of entries)
      if (isFailure(event)) this.#logger.warn(`trail.${event.kind}`, { notificationId, user, ...event });
  }
}

type Failure = Extract<TrailEvent, { kind: 'posting-gave-up' | 'device' }>;

const isFailure = (event: TrailEvent): event is Failure =>
  event.kind === 'posting-gave-up' ||
  (event.kind === 'device' && ['dead', 'refused', 'gave-up'].includes(event.outcome));
