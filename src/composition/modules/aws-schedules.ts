import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ContainerModule } from 'inversify';
import { EventBridgeScheduler } from '../../adapters/aws/scheduling/event-bridge-scheduler.ts';
import type { Database } from '../../adapters/postgres/database.ts';
import { PostgresScheduleStore } from '../../adapters/postgres/postgres-schedule-store.ts';
import { WakingScheduleStore } from '../../adapters/system/waking-schedule-store.ts';
import { WakeSchedule } from '../../domain/use-cases/wake-schedule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { AWS_TOKENS, LOCAL_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';
import { cron } from './cron.ts';
import { scheduling } from './scheduling.ts';

/** Schedules, whose truth is in the database and whose alarms are EventBridge's. */
export const awsSchedules = (config: AwsConfig, database: Database): ContainerModule[] => [
  cron,
  scheduling,
  new ContainerModule(options => {
    const { clock, logger, metrics } = TOKENS;
    const { schedules, runDue } = LOCAL_TOKENS;
    const { scheduler, wakeSchedule } = AWS_TOKENS;
    singleton(options, scheduler, { clock }, parts => schedulerOf(config, parts.clock));
    singleton(options, schedules, { scheduler, logger, metrics }, parts => {
      const inner = new PostgresScheduleStore({ database });
      return new WakingScheduleStore({ ...parts, inner });
    });
    const needs = { schedules, scheduler, runDue, clock };
    singleton(options, wakeSchedule, needs, parts => new WakeSchedule(parts));
  }),
];

const schedulerOf = (config: AwsConfig, clock: Clock): EventBridgeScheduler => {
  const { group, roleArn, queueUrl, queueArn, deadLetterQueueArn } = config.schedules;
  return new EventBridgeScheduler({
    clock,
    scheduler: new SchedulerClient(clientOptions(config)),
    sqs: new SQSClient(clientOptions(config)),
    group: needed(group, 'FANFARE_SCHEDULE_GROUP'),
    roleArn: needed(roleArn, 'FANFARE_SCHEDULE_ROLE_ARN'),
    queueUrl: needed(queueUrl, 'FANFARE_SCHEDULE_QUEUE_URL'),
    queueArn: needed(queueArn, 'FANFARE_SCHEDULE_QUEUE_ARN'),
    deadLetterQueueArn: needed(deadLetterQueueArn, 'FANFARE_SCHEDULE_DEAD_LETTER_QUEUE_ARN'),
  });
};
