import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteMessageCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';

type Handle = (body: string, receiveCount: number) => Promise<void>;

/** Long enough after a record for what it leads to. */
const QUIET_MS = 250;
const LONGEST_SETTLING_MS = 15_000;

/** Takes what comes on a queue, each record for itself: deletes what was handled, leaves what failed. */
export class SqsConsumer {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  #handle: Handle | undefined;
  #lastReceivedAt = 0;
  #received = 0;
  #stopped = false;
  #polling: Promise<void> | undefined;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  consume(handle: Handle): void {
    this.#handle = handle;
    this.#lastReceivedAt = performance.now(); // what waits already is about to come
    this.#polling ??= this.#poll();
  }

  /** Resolves once so many have come, nothing that can be received waits, and nothing has come for a while. */
  async settle(atLeast = 0): Promise<void> {
    const deadline = performance.now() + LONGEST_SETTLING_MS;
    while (performance.now() < deadline) {
      const quiet = performance.now() - this.#lastReceivedAt > QUIET_MS;
      const idle = this.#polling === undefined;
      if (quiet && (idle || (this.#received >= atLeast && (await this.#visible()) === 0))) return;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#polling;
  }

  async #poll(): Promise<void> {
    while (!this.#stopped) {
      const command = new ReceiveMessageCommand({
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
      const { Messages = [] } = await this.#client.send(command);
      for (const message of Messages) void this.#take(message);
      if (Messages.length === 0) await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  async #take({ Body = '', Attributes, ReceiptHandle }: Message): Promise<void> {
    this.#lastReceivedAt = performance.now();
    this.#received += 1;
    try {
      await this.#handle?.(Body, Number(Attributes?.ApproximateReceiveCount));
    } catch {
      return; // becomes visible again
    }
    if (this.#stopped) return;
    await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle }));
  }

  async #visible(): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#queueUrl, AttributeNames });
    const { Attributes } = await this.#client.send(command);
    return Number(Attributes?.ApproximateNumberOfMessages);
  }
}
