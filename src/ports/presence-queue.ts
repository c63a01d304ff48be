import type { PresenceLook } from '../domain/presence.ts';

/** The longest delay, in ms: SQS's 15 minutes. */
export const LONGEST_LOOK_DELAY_MS = 900_000;

/** Brings looks back when they are due. A consumer gets each at least once, not before its delay is over. */
export interface PresenceQueue {
  /**
   * Resolves once the looks are safe with the queue.
   *
   * @param delayMs up to `LONGEST_LOOK_DELAY_MS`
   * @throws FanfareError `unavailable` when it could not take them all, `invalid` for a longer delay
   */
  enqueue(looks: readonly PresenceLook[], delayMs?: number): Promise<void>;
}
