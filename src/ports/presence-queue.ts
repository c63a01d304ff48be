import type { PresenceEvent } from '../domain/presence.ts';

/** Brings what happened back after a while. A consumer gets each event at least once, not before its delay is over. */
export interface PresenceQueue {
  /**
   * Resolves once the events are safe with the queue.
   *
   * @param delayMs up to 900,000 (SQS: 15 minutes)
   * @throws FanfareError `unavailable` when it could not take them all
   */
  enqueue(events: readonly PresenceEvent[], delayMs?: number): Promise<void>;
}
