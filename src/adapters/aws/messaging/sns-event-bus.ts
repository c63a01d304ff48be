import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishBatchCommand } from '@aws-sdk/client-sns';
import type { Message } from '../../../domain/message.ts';
import type { EventBus } from '../../../ports/event-bus.ts';
import { translateAwsError } from '../aws-errors.ts';
import { encodeMessage } from './envelope.ts';
import type { BatchPorts } from './send-batches.ts';
import { sendBatches } from './send-batches.ts';

/** SNS: 256 KiB, for a message as for a batch. */
export const SNS_MAX_BYTES = 256 * 1_024;

export interface SnsEventBusOptions extends BatchPorts {
  readonly client: SNSClient;
  readonly topicArn: string;
  /** Messages over this travel by reference; SNS's own limit without it. */
  readonly maxBytes?: number;
}

export class SnsEventBus implements EventBus {
  readonly #options: SnsEventBusOptions;
  readonly #maxBytes: number;

  constructor(options: SnsEventBusOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? SNS_MAX_BYTES;
  }

  async publish(messages: readonly Message[]): Promise<void> {
    const bodies = messages.map(message => encodeMessage(message, this.#maxBytes));
    await sendBatches(bodies, this.#maxBytes, this.#options, batch => this.#send(batch));
  }

  async #send(bodies: readonly string[]): Promise<ReadonlyMap<number, string>> {
    const { client, topicArn } = this.#options;
    const entries = bodies.map((body, index) => ({ Id: String(index), Message: body }));
    try {
      const command = new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries });
      const { Failed = [] } = await client.send(command);
      return new Map(Failed.map(({ Id, Code, Message }) => [Number(Id), `${Code}: ${Message ?? ''}`]));
    } catch (error) {
      throw translateAwsError(error, `the topic ${topicArn}`);
    }
  }
}
