import { SQSClient } from '@aws-sdk/client-sqs';
import { ContainerModule } from 'inversify';
import { SqsPushQueue } from '../../adapters/aws/messaging/sqs-push-queue.ts';
import { NO_PUSH } from '../../domain/use-cases/no-push.ts';
import { PlanWithdrawal } from '../../domain/use-cases/plan-withdrawal.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { PUSH_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';
import { awsTrail, trailInDatabase } from './aws-trail.ts';
import { noPush } from './no-push.ts';

const { clock, ids } = TOKENS;

/**
 * For functions outside the network of the database (ADR 0019): the trail, and what is to be taken back from phones, they
 * hand over by queues. None of them accepts notifications for phones.
 */
export const outsideNetwork = (config: AwsConfig): ContainerModule[] => {
  if (config.pushQueueUrl === undefined) return [awsTrail(config), noPush];
  return [
    awsTrail(config),
    sqsPushQueue(config),
    new ContainerModule(options => {
      singleton(options, TOKENS.planPush, {}, () => NO_PUSH);
      const needs = { pushQueue: PUSH_TOKENS.queue, clock, ids };
      singleton(options, TOKENS.planWithdrawal, needs, parts => new PlanWithdrawal(parts));
    }),
  ];
};

/** For those within it. They hand over what is due later as well, since no function waits. */
export const withinNetwork = (config: AwsConfig): ContainerModule[] => [
  trailInDatabase,
  sqsPushQueue(config),
];

const sqsPushQueue = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options =>
    singleton(options, PUSH_TOKENS.queue, { clock, ids }, parts => {
      const queueUrl = needed(config.pushQueueUrl, 'FANFARE_PUSH_QUEUE_URL');
      return new SqsPushQueue({ ...parts, client: new SQSClient(clientOptions(config)), queueUrl });
    }),
  );
