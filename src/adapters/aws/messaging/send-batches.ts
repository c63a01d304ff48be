import { FanfareError } from '../../../domain/errors.ts';
import { fullJitterMs } from '../../../domain/retry.ts';
import type { Clock } from '../../../ports/clock.ts';
import { sleep } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';

/** SNS and SQS take 10 entries a batch. */
const BATCH_ENTRIES = 10;
const RETRY = { baseDelayMs: 100, maxDelayMs: 2_000 };
const MAX_TRIES = 6;

export interface BatchPorts {
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** One batch call. @returns the indices of the entries that were refused, with why */
export type SendBatch = (bodies: readonly string[]) => Promise<ReadonlyMap<number, string>>;

/**
 * Sends bodies in as few batches as count and bytes allow, and what is refused of a batch again, alone, with full
 * jitter.
 *
 * @throws FanfareError `unavailable` when some are still refused at the last try
 */
export const sendBatches = async (
  bodies: readonly string[],
  maxBytes: number,
  ports: BatchPorts,
  send: SendBatch,
): Promise<void> => {
  for (const batch of intoBatches(bodies, maxBytes)) await sendBatch(batch, ports, send);
};

const sendBatch = async (
  batch: readonly string[],
  { clock, ids }: BatchPorts,
  send: SendBatch,
): Promise<void> => {
  let rest = batch;
  for (let attempt = 0; ; attempt += 1) {
    const refused = await send(rest);
    if (refused.size === 0) return;
    if (attempt + 1 === MAX_TRIES) {
      const [why] = refused.values();
      throw new FanfareError('unavailable', `${refused.size} messages were refused: ${why}`);
    }
    rest = rest.filter((_body, index) => refused.has(index));
    await sleep(clock, fullJitterMs(RETRY, attempt, ids.random()));
  }
};

/** In their order; a body that alone is over the limit goes alone, for the service to refuse. */
export const intoBatches = (bodies: readonly string[], maxBytes: number): string[][] => {
  const batches: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = batches.at(-1);
    if (last === undefined || last.length === BATCH_ENTRIES || bytes + size > maxBytes) {
      batches.push([body]);
      bytes = size;
    } else {
      last.push(body);
      bytes += size;
    }
  }
  return batches;
};
