import type { Message } from '../domain/message.ts';

/** Tells fan-out what was accepted. */
export interface EventBus {
  /**
   * Resolves once every message is safe with the bus: from then on subscribers get each of them at least once, in any
   * order. Rejects with FanfareError `unavailable` when it could take none or only some; publishing all again is safe.
   */
  publish(messages: readonly Message[]): Promise<void>;
}
