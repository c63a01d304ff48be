import type { SQSClient, Message as SqsMessage } from '@aws-sdk/client-sqs';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, DeliveryJob } from '../../../domain/delivery.ts';
import { causeOf, FanfareError } from '../../../domain/errors.ts';
import type { DeliveryQueue } from '../../../ports/delivery-queue.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { MessageStore } from '../../../ports/message-store.ts';
import { translateAwsError } from '../aws-errors.ts';
import { decodeJob, encodeJob } from './envelope.ts';
import type { BatchPorts } from './send-batches.ts';
import { sendBatches } from './send-batches.ts';
import { SQS_MAX_BYTES, SQS_MAX_DELAY_MS } from './sqs-sender.ts';

/** SQS gives out 10 messages a call. */
const RECEIVE_AT_ONCE = 10;
/** How long a dead letter that is looked at or redriven stays out of others' sight, at the most. */
const HIDDEN_SECONDS = 60;
/** A receive that does not wait asks only some of SQS's servers, and may miss what the others hold. */
const LOOK_EVERYWHERE_SECONDS = 1;

export interface SqsDeliveryQueueOptions extends BatchPorts {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** For jobs whose message travels by reference. */
  readonly store: MessageStore;
  readonly logger: Logger;
  /** Jobs over this carry their message by reference; SQS's own limit without it. */
  readonly maxBytes?: number;
}

/** Consumed by an event source mapping, which also counts the receives and dead-letters what fails too often. */
export class SqsDeliveryQueue implements DeliveryQueue {
  readonly #options: SqsDeliveryQueueOptions;
  readonly #maxBytes: number;

  constructor(options: SqsDeliveryQueueOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? SQS_MAX_BYTES;
  }

  async enqueue(jobs: readonly DeliveryJob[], delayMs = 0): Promise<void> {
    if (delayMs > SQS_MAX_DELAY_MS) {
      throw new FanfareError('invalid', `a job cannot be delayed by more than ${SQS_MAX_DELAY_MS} ms`);
    }
    const bodies = jobs.map(job => encodeJob(job, this.#maxBytes));
    const delaySeconds = Math.ceil(delayMs / 1_000);
    await sendBatches(bodies, this.#maxBytes, this.#options, batch => this.#send(batch, delaySeconds));
  }

  async deadLetter(job: DeliveryJob, cause: string): Promise<void> {
    const { deadLetterQueueUrl, clock } = this.#options;
    const command = new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: encodeJob(job, this.#maxBytes),
      MessageAttributes: {
        cause: { DataType: 'String', StringValue: cause.slice(0, 1_024) || 'unknown' },
        failedAt: { DataType: 'Number', StringValue: String(clock.now()) },
      },
    });
    await this.#call(deadLetterQueueUrl, client => client.send(command));
  }

  async deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    const seen: SqsMessage[] = [];
    for await (const message of this.#dead(() => limit - letters.length)) {
      seen.push(message);
      const job = await this.#decode(message);
      if (job !== undefined) letters.push(asDeadLetter(job, message));
    }
    await Promise.all(seen.map(message => this.#putBack(message)));
    return letters.sort((a, b) => a.failedAt - b.failedAt);
  }

  async redrive(limit: number): Promise<number> {
    const { deadLetterQueueUrl } = this.#options;
    const left: SqsMessage[] = [];
    let redriven = 0;
    for await (const message of this.#dead(() => limit - redriven)) {
      const job = await this.#decode(message);
      if (job === undefined) {
        left.push(message);
        continue;
      }
      await this.enqueue([{ ...job, attempt: 0 }]);
      const command = new DeleteMessageCommand({
        QueueUrl: deadLetterQueueUrl,
        ReceiptHandle: message.ReceiptHandle,
      });
      await this.#call(deadLetterQueueUrl, client => client.send(command));
      redriven += 1;
    }
    await Promise.all(left.map(message => this.#putBack(message)));
    return redriven;
  }

  async #send(bodies: readonly string[], delaySeconds: number): Promise<ReadonlyMap<number, string>> {
    const { queueUrl } = this.#options;
    const Entries = bodies.map((body, index) => ({
      Id: String(index),
      MessageBody: body,
      DelaySeconds: delaySeconds,
    }));
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
    const { Failed = [] } = await this.#call(queueUrl, client => client.send(command));
    return new Map(Failed.map(({ Id, Code, Message }) => [Number(Id), `${Code}: ${Message ?? ''}`]));
  }

  /** @param missing how many more are wanted; asked before each receive, since some may be unreadable */
  async *#dead(missing: () => number): AsyncGenerator<SqsMessage> {
    const { deadLetterQueueUrl } = this.#options;
    while (missing() > 0) {
      const command = new ReceiveMessageCommand({
        QueueUrl: deadLetterQueueUrl,
        MaxNumberOfMessages: Math.min(RECEIVE_AT_ONCE, missing()),
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: LOOK_EVERYWHERE_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
      });
      const { Messages = [] } = await this.#call(deadLetterQueueUrl, client => client.send(command));
      if (Messages.length === 0) return;
      yield* Messages;
    }
  }

  /** In sight again at once. */
  async #putBack({ ReceiptHandle }: SqsMessage): Promise<void> {
    const { deadLetterQueueUrl } = this.#options;
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: deadLetterQueueUrl,
      ReceiptHandle,
      VisibilityTimeout: 0,
    });
    await this.#call(deadLetterQueueUrl, client => client.send(command));
  }

  /** One that is none of ours, or whose message is gone, stays where it is, for a person to look at. */
  async #decode(message: SqsMessage): Promise<DeliveryJob | undefined> {
    try {
      return await decodeJob(message.Body ?? '', this.#options.store);
    } catch (error) {
      this.#options.logger.warn('dead-letter.unreadable', {
        sqsMessageId: message.MessageId,
        cause: causeOf(error),
      });
      return undefined;
    }
  }

  async #call<Answer>(queueUrl: string, call: (client: SQSClient) => Promise<Answer>): Promise<Answer> {
    try {
      return await call(this.#options.client);
    } catch (error) {
      throw translateAwsError(error, `the queue ${queueUrl}`);
    }
  }
}

const asDeadLetter = (job: DeliveryJob, { MessageAttributes, Attributes }: SqsMessage): DeadLetter => ({
  job,
  cause: MessageAttributes?.cause?.StringValue ?? 'received too often; the causes are in the logs',
  failedAt: Number(MessageAttributes?.failedAt?.StringValue ?? Attributes?.SentTimestamp ?? 0),
});
