import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { decodeMessage } from '../../src/adapters/aws/messaging/envelope.ts';
import { SnsEventBus } from '../../src/adapters/aws/messaging/sns-event-bus.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { SqsConsumer } from '../support/sqs-consumer.ts';
import { eventBusContract } from './event-bus.contract.ts';

/** AWS asks for it; LocalStack does not. */
const letTopicSend = (topicArn: string, queueArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    },
  });

for (const platform of awsPlatforms()) {
  eventBusContract({
    name: `SnsEventBus${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 3,
    concurrent: true,
    lacks: {
      'manual-time': 'SQS keeps its own time, to the second',
      limits: 'SNS has no bound of ours: it takes all, or throttles',
    },
    open: async () => {
      const config = platform.config();
      const [sns, sqs] = [new SNSClient(config), new SQSClient(config)];
      const name = `test-${randomUUID()}`;
      const { TopicArn: topicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      const attributes = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
      const Endpoint = (await sqs.send(attributes)).Attributes?.QueueArn;
      const Policy = letTopicSend(topicArn, Endpoint ?? '');
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
      const Attributes = { RawMessageDelivery: 'true' };
      await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint, Attributes }));

      const [clock, ids] = [new SystemClock(), new RandomIds()];
      const store = new MemoryMessageStore({ clock, ids });
      const consumer = new SqsConsumer(sqs, QueueUrl);
      const bus = new SnsEventBus({ client: sns, topicArn, clock, ids });
      let published = 0;
      return {
        port: {
          publish: async messages => {
            await bus.publish(messages);
            published += messages.length;
          },
        },
        clock,
        advance: async ms => {
          await new Promise(resolve => setTimeout(resolve, ms));
          await consumer.settle(published); // from the topic to the queue takes its time
        },
        subscribe: handler => consumer.consume(async body => handler(await decodeMessage(body, store))),
        close: async () => {
          await consumer.stop();
          await sns.send(new DeleteTopicCommand({ TopicArn: topicArn }));
          await sqs.send(new DeleteQueueCommand({ QueueUrl }));
          sns.destroy();
          sqs.destroy();
        },
      };
    },
  });
}
