import { setTimeout as sleep } from 'node:timers/promises';
import type { EmulatedStack } from './emulated-stack.ts';

/** How long a producer waits for an answer before it asks again. */
const PATIENCE_MS = 4_000;
/** Where an answer says nothing of when to try again. */
const PAUSE_MS = 500;

/** What was accepted, and what stood in the way before: statuses, or `timed out`. */
export interface Persistence {
  readonly id: string;
  readonly met: readonly string[];
}

/**
 * A producer that means it: sends one notification under one Idempotency-Key until it is accepted, and waits in between
 * as long as it is told to.
 *
 * @throws Error for an answer that nobody should try again after
 */
export const persist = async (stack: EmulatedStack, key: string, body: object): Promise<Persistence> => {
  const met: string[] = [];
  for (;;) {
    const response = await stack
      .notify(body, { 'idempotency-key': key }, AbortSignal.timeout(PATIENCE_MS))
      .catch(error => {
        if ((error as Error).name !== 'TimeoutError') throw error;
        return undefined;
      });
    if (response?.status === 202) return { ...((await response.json()) as { id: string }), met };
    met.push(response === undefined ? 'timed out' : String(response.status));
    const retryAfter = response?.headers.get('retry-after');
    if (response !== undefined && retryAfter === null) {
      throw new Error(`answered ${response.status}, and not when to try again: ${await response.text()}`);
    }
    await sleep(retryAfter === undefined || retryAfter === null ? PAUSE_MS : Number(retryAfter) * 1_000);
  }
};
