import type { SQSClient, Message as SqsMessage } from '@aws-sdk/client-sqs';
import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { causeOf } from '../../../domain/errors.ts';
import type { Logger } from '../../../ports/logger.ts';

const BATCH_SIZE = 10;
/** Long polling; short enough that a stop need not wait for it. */
const WAIT_SECONDS = 1;
/** After a call that failed: the emulator is restarting, or paused. */
const PAUSE_MS = 500;

const answer = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).default([]) })
  .nullish();

export interface EventSourceOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Invocations at once. */
  readonly maxConcurrency: number;
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly logger: Logger;
}

/**
 * What drives a function from a queue, as Lambda's event source mapping does with ReportBatchItemFailures: what the
 * function did not report is deleted, what it did is left to become visible again, and a function that fails as a whole
 * leaves its whole batch.
 */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #stop = new AbortController();
  readonly #pollers: readonly Promise<void>[];

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#pollers = Array.from({ length: options.maxConcurrency }, () => this.#poll());
  }

  /** Takes no new batch, and resolves once those under way are done. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#pollers);
  }

  async #poll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const messages = await this.#receive();
        if (messages.length > 0) await this.#handle(messages);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#options.logger.warn('event-source.failed', { cause: causeOf(error) });
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  async #receive(): Promise<readonly SqsMessage[]> {
    const { client, queueUrl } = this.#options;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: BATCH_SIZE,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await client.send(command, { abortSignal: this.#stop.signal });
    return Messages;
  }

  async #handle(messages: readonly SqsMessage[]): Promise<void> {
    const { client, queueUrl, invoke } = this.#options;
    const reported = answer.parse(await invoke(sqsEventOf(messages, queueUrl)));
    const failed = new Set(reported?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId = '' }) => !failed.has(MessageId));
    if (done.length === 0) return;
    const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** The event as AWS documents it: "Using Lambda with Amazon SQS". */
const sqsEventOf = (messages: readonly SqsMessage[], queueUrl: string) => ({
  Records: messages.map(({ MessageAttributes, MD5OfMessageAttributes, MD5OfBody, ...message }) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: attributesOf(MessageAttributes),
    ...(MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: MD5OfMessageAttributes }),
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueUrl.split('/').at(-1)}`,
    awsRegion: 'us-east-1',
  })),
});

const attributesOf = (attributes: SqsMessage['MessageAttributes'] = {}) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
