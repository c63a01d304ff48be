import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { isChannel } from '../../../domain/channel.ts';
import { FanfareError } from '../../../domain/errors.ts';
import type { PresenceEvent } from '../../../domain/presence.ts';
import type { PresenceQueue } from '../../../ports/presence-queue.ts';
import { translateAwsError } from '../aws-errors.ts';
import type { BatchPorts } from './send-batches.ts';
import { sendBatches } from './send-batches.ts';
import { SQS_MAX_BYTES } from './sqs-delivery-queue.ts';

const MAX_DELAY_MS = 900_000;

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

  async enqueue(events: readonly PresenceEvent[], delayMs = 0): Promise<void> {
    if (delayMs > MAX_DELAY_MS) {
      throw new FanfareError('invalid', `an event cannot be delayed by more than ${MAX_DELAY_MS} ms`);
    }
    const delaySeconds = Math.ceil(delayMs / 1_000);
    const bodies = events.map(event => JSON.stringify(event));
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

const presenceEvent = z.strictObject({
  id: z.string(),
  channel: z.string().check(z.refine(isChannel)),
  user: z.string(),
  event: z.enum(['joined', 'leaving', 'left']),
});

/** @throws FanfareError `invalid` for what is no event of ours */
export const decodePresenceEvent = (text: string): PresenceEvent => {
  try {
    return presenceEvent.parse(JSON.parse(text)) as PresenceEvent;
  } catch (cause) {
    throw new FanfareError('invalid', 'the record is no presence event', { cause });
  }
};
