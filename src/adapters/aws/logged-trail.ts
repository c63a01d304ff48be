import type { TrailEntry, TrailEvent } from '../../domain/trail.ts';
import type { TrailWriter } from '../../ports/delivery-log.ts';
import type { Logger } from '../../ports/logger.ts';

export interface LoggedTrailParts {
  readonly logger: Logger;
  /** Where entries are kept; nowhere without it. */
  readonly inner?: TrailWriter;
}

/** Writes what went wrong for good to the function's log as well, where alarms and queries of operators look. */
export class LoggedTrail implements TrailWriter {
  readonly #parts: LoggedTrailParts;

  constructor(parts: LoggedTrailParts) {
    this.#parts = parts;
  }

  async append(entries: readonly TrailEntry[]): Promise<void> {
    const { logger, inner } = this.#parts;
    await inner?.append(entries);
    for (const { notificationId, user, event } of entries)
      if (isFailure(event)) logger.warn(`trail.${event.kind}`, { notificationId, user, ...event });
  }
}

type Failure = Extract<TrailEvent, { kind: 'posting-gave-up' | 'device' }>;

const isFailure = (event: TrailEvent): event is Failure =>
  event.kind === 'posting-gave-up' ||
  (event.kind === 'device' && ['dead', 'refused', 'gave-up'].includes(event.outcome));
