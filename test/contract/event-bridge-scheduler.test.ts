import { randomUUID } from 'node:crypto';
import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { decodeAlarm } from '../../src/adapters/aws/scheduling/alarm-record.ts';
import { EventBridgeScheduler } from '../../src/adapters/aws/scheduling/event-bridge-scheduler.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { scheduleId } from '../../src/domain/schedule.ts';
import type { Alarm } from '../../src/ports/scheduler.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { SqsConsumer } from '../support/sqs-consumer.ts';
import { until } from '../support/until.ts';
import { schedulerContract } from './scheduler.contract.ts';

const ROLE = 'arn:aws:iam::000000000000:role/alarms';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';

const open = async () => {
  const { config } = localStack();
  const [sqs, client, clock] = [new SQSClient(config), new SchedulerClient(config), new SystemClock()];
  const group = `test-${randomUUID()}`;
  const { QueueUrl: queueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: group }));
  const attributes = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] });
  const { Attributes: { QueueArn: queueArn = '' } = {} } = await sqs.send(attributes);
  await client.send(new CreateScheduleGroupCommand({ Name: group }));
  const scheduler = new EventBridgeScheduler({
    scheduler: client,
    sqs,
    clock,
    group,
    queueUrl,
    queueArn,
    deadLetterQueueArn: DEAD_LETTERS,
    roleArn: ROLE,
  });
  const schedules = async () => {
    const names: string[] = [];
    for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: group })) {
      names.push(...Schedules.map(({ Name = '' }) => Name));
    }
    return Promise.all(
      names.sort().map(Name => client.send(new GetScheduleCommand({ GroupName: group, Name }))),
    );
  };
  return { scheduler, schedules, sqs, client, clock, queueUrl, queueArn, group };
};

schedulerContract({
  name: 'EventBridgeScheduler',
  unavailable: whyNoLocalStack(),
  concurrent: true,
  lacks: {
    'far-away-times':
      'LocalStack keeps the schedules of EventBridge and never carries them out; the end-to-end test puts what EventBridge would have sent into the queue',
  },
  open: async () => {
    const { scheduler, schedules, sqs, client, clock, queueUrl } = await open();
    const woken: Alarm[] = [];
    const consumer = new SqsConsumer(sqs, queueUrl);
    consumer.consume(async body => {
      woken.push(decodeAlarm(body));
    });
    return {
      port: scheduler,
      clock,
      advance: ms => new Promise(resolve => setTimeout(resolve, ms)),
      woken,
      wokenAtLeast: count => until(() => woken.length >= count),
      kept: async () => (await schedules()).map(({ Target }) => decodeAlarm(Target?.Input ?? '')),
      close: async () => {
        await consumer.stop();
        sqs.destroy();
        client.destroy();
      },
    };
  },
});

describe('A schedule of EventBridge', () => {
  test('goes off a minute early, once, to the queue, and is over then', async context => {
    const unavailable = whyNoLocalStack();
    if (unavailable !== undefined) context.skip(unavailable);
    const { scheduler, schedules, sqs, client, queueArn, group } = await open();
    const alarm = { schedule: scheduleId('sch_1'), at: Date.parse('2031-05-01T07:00:30.250Z') };

    await scheduler.wake(alarm);

    const [made] = await schedules();
    expect(made).toMatchObject({
      GroupName: group,
      Name: 'sch_1',
      ScheduleExpression: 'at(2031-05-01T06:59:30)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: queueArn,
        RoleArn: ROLE,
        Input: JSON.stringify(alarm),
        DeadLetterConfig: { Arn: DEAD_LETTERS },
      },
    });
    sqs.destroy();
    client.destroy();
  });
});

test.each(['{', '{}', '{"schedule":1,"at":1}', '{"schedule":"sch_1","at":"now"}'])(
  'a record that is no alarm is refused: %s',
  text => {
    expect(() => decodeAlarm(text)).toThrow('the record is no alarm of a schedule');
  },
);
