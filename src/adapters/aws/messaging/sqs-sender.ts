import type { SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { FanfareError } from '../../../domain/errors.ts';
import { translateAwsError } from '../aws-errors.ts';
import type { BatchPorts } from './send-batches.ts';
import { sendBatches } from './send-batches.ts';

/** SQS: 1 MiB, for a message as for a batch. */
export const SQS_MAX_BYTES = 1_024 * 1_024;

/** SQS's longest delay of a message. */
export const SQS_MAX_DELAY_MS = 900_000;

export interface SqsSenderOptions extends BatchPorts {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** Sends texts to one queue, in as few calls as count and bytes allow. */
export class SqsSender {
  readonly #options: SqsSenderOptions;

  constructor(options: SqsSenderOptions) {
    this.#options = options;
  }

  /** @throws FanfareError `unavailable` when some could not be sent; `invalid` for more than the longest delay */
  async send(bodies: readonly string[], delayMs = 0): Promise<void> {
    if (delayMs > SQS_MAX_DELAY_MS) {
      throw new FanfareError('invalid', `a message cannot be delayed by more than ${SQS_MAX_DELAY_MS} ms`);
    }
    const delaySeconds = Math.ceil(delayMs / 1_000);
    await sendBatches(bodies, SQS_MAX_BYTES, this.#options, batch => this.#sendBatch(batch, delaySeconds));
  }

  async #sendBatch(bodies: readonly string[], DelaySeconds: number): Promise<ReadonlyMap<number, string>> {
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
