import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { decodeJob } from '../../src/adapters/aws/messaging/envelope.ts';
import { SqsDeliveryQueue } from '../../src/adapters/aws/messaging/sqs-delivery-queue.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { SilentLogger } from '../support/fakes.ts';
import { SqsConsumer } from '../support/sqs-consumer.ts';
import { deliveryQueueContract } from './delivery-queue.contract.ts';

const createQueue = async (client: SQSClient, attributes: Record<string, string> = {}) => {
  const command = new CreateQueueCommand({ QueueName: `test-${randomUUID()}`, Attributes: attributes });
  const { QueueUrl = '' } = await client.send(command);
  return QueueUrl;
};

const arnOf = async (client: SQSClient, QueueUrl: string): Promise<string> => {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await client.send(command)).Attributes?.QueueArn ?? '';
};

for (const platform of awsPlatforms()) {
  deliveryQueueContract({
    name: `SqsDeliveryQueue${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 3,
    concurrent: true,
    lacks: {
      'manual-time': 'SQS keeps its own time, to the second',
      'cause-of-failure': "SQS's own redrive keeps no cause; it is in the function's log",
    },
    open: async (limits = {}) => {
      const client = new SQSClient(platform.config());
      const deadLetterQueueUrl = await createQueue(client);
      const deadLetterTargetArn = await arnOf(client, deadLetterQueueUrl);
      const { visibilityTimeoutMs = 30_000, maxReceives = 5 } = limits;
      const queueUrl = await createQueue(client, {
        VisibilityTimeout: String(visibilityTimeoutMs / 1_000),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: maxReceives }),
      });
      const [clock, ids] = [new SystemClock(), new RandomIds()];
      const store = new MemoryMessageStore({ clock, ids });
      const consumer = new SqsConsumer(client, queueUrl);
      return {
        port: new SqsDeliveryQueue({
          client,
          queueUrl,
          deadLetterQueueUrl,
          store,
          clock,
          ids,
          logger: new SilentLogger(),
        }),
        clock,
        advance: async ms => {
          await new Promise(resolve => setTimeout(resolve, ms));
          await consumer.settle();
        },
        consume: handle =>
          consumer.consume(async (body, receiveCount) =>
            handle(await decodeJob(body, store), { receiveCount }),
          ),
        close: async () => {
          await consumer.stop();
          for (const QueueUrl of [queueUrl, deadLetterQueueUrl])
            await client.send(new DeleteQueueCommand({ QueueUrl }));
          client.destroy();
        },
      };
    },
  });
}
