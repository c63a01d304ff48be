import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ContainerModule } from 'inversify';
import { SnsEventBus } from '../../adapters/aws/messaging/sns-event-bus.ts';
import { SqsDeliveryQueue } from '../../adapters/aws/messaging/sqs-delivery-queue.ts';
import { SqsPresenceQueue } from '../../adapters/aws/messaging/sqs-presence-queue.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

const { clock, ids, store, logger } = TOKENS;

/** The topic, for functions that accept messages. */
export const awsBus = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.bus, { clock, ids }, parts => {
      const topicArn = needed(config.topicArn, 'FANFARE_TOPIC_ARN');
      return new SnsEventBus({ ...parts, client: new SNSClient(clientOptions(config)), topicArn });
    });
  });

/** The delivery queue, for functions that deliver. */
export const awsQueue = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.queue, { clock, ids, store, logger }, parts => {
      const queueUrl = needed(config.deliveryQueueUrl, 'FANFARE_DELIVERY_QUEUE_URL');
      const dead = needed(config.deliveryDeadLetterQueueUrl, 'FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL');
      const client = new SQSClient(clientOptions(config));
      return new SqsDeliveryQueue({ ...parts, client, queueUrl, deadLetterQueueUrl: dead });
    });
  });

/** The presence queue, for functions that hear who comes and who goes. */
export const awsPresenceQueue = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    singleton(options, TOKENS.presenceQueue, { clock, ids }, parts => {
      const queueUrl = needed(config.presenceQueueUrl, 'FANFARE_PRESENCE_QUEUE_URL');
      return new SqsPresenceQueue({ ...parts, client: new SQSClient(clientOptions(config)), queueUrl });
    });
  });
