import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { isChannel } from '../../../domain/channel.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { PresenceLook } from '../../../domain/presence.ts';
import type { PresenceQueue } from '../../../ports/presence-queue.ts';
import { LONGEST_LOOK_DELAY_MS } from '../../../ports/presence-queue.ts';
import { translateAwsError } from '../aws-errors.ts';
import type { BatchPorts } from './send-batches.ts';
import { sendBatches } from './send-batches.ts';
import { SQS_MAX_BYTES } from './sqs-delivery-queue.ts';

export interface SqsPresenceQueueOptions extends BatchPorts {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** Consumed by an event source mapping, which also counts the receives and dead-letters what fails too often. */
export class SqsPresenceQueue implements PresenceQueue {
  readonly #options: SqsPresenceQueueOptions;

  constructor(options: SqsPresenceQueueOptions) {
    this.#options = options;
  }

  async enqueue(looks: readonly PresenceLook[], delayMs = 0): Promise<void> {
    if (delayMs > LONGEST_LOOK_DELAY_MS) {
      throw new FanfareError('invalid', `a look cannot be delayed by more than ${LONGEST_LOOK_DELAY_MS} ms`);
    }
    const delaySeconds = Math.ceil(delayMs / 1_000);
    const bodies = looks.map(look => JSON.stringify(look));
    await sendBatches(bodies, SQS_MAX_BYTES, this.#options, batch => this.#send(batch, delaySeconds));
  }

  async #send(bodies: readonly string[], DelaySeconds: number): Promise<ReadonlyMap<number, string>> {
    const { client, queueUrl } = this.#options;
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, DelaySeconds }));
    try {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      return new Map(Failed.map(({ Id, Code, Message }) => [Number(Id), `${Code}: ${Message ?? ''}`]));
    } catch (error) {
      throw translateAwsError(error, `the queue ${queueUrl}`);
    }
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
