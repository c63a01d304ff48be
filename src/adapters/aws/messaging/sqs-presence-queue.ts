import * as z from 'zod/mini';
import { isChannel } from '../../../domain/channel.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { PresenceLook } from '../../../domain/presence.ts';
import type { PresenceQueue } from '../../../ports/presence-queue.ts';
import { LONGEST_LOOK_DELAY_MS } from '../../../ports/presence-queue.ts';
import type { SqsSenderOptions } from './sqs-sender.ts';
import { SqsSender } from './sqs-sender.ts';

/** Consumed by an event source mapping, which also counts the receives and dead-letters what fails too often. */
export class SqsPresenceQueue implements PresenceQueue {
  readonly #sender: SqsSender;

  constructor(options: SqsSenderOptions) {
    this.#sender = new SqsSender(options);
  }

  async enqueue(looks: readonly PresenceLook[], delayMs = 0): Promise<void> {
    if (delayMs > LONGEST_LOOK_DELAY_MS) {
      throw new FanfareError('invalid', `a look cannot be delayed by more than ${LONGEST_LOOK_DELAY_MS} ms`);
    }
    await this.#sender.send(
      looks.map(look => JSON.stringify(look)),
      delayMs,
    );
  }
}

const at = { channel: z.string().check(z.refine(isChannel)), user: z.string() };

const presenceLook = z.union([
  z.strictObject({ ...at, reason: z.enum(['entered', 'left']) }),
  z.strictObject({ ...at, reason: z.literal('watch'), joining: z.string() }),
]);

/** @throws FanfareError `invalid` for what is no look of ours */
export const decodePresenceLook = (text: string): PresenceLook => {
  try {
    return presenceLook.parse(JSON.parse(text)) as PresenceLook;
  } catch (cause) {
    throw new FanfareError('invalid', 'the record is no look at presence', { cause });
  }
};
