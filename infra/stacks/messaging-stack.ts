import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { AlarmClock } from '../alarm-clock.ts';
import type { EnvironmentConfig } from '../config.ts';
import type { QueuePair } from '../queue-pair.ts';
import { aQueuePair } from '../queue-pair.ts';

/** How long the function behind the presence queue may run: a list of the channel, an append and a publish a record. */
export const PRESENCE_TIMEOUT_SECONDS = 15;

/** How long the function behind the schedules' queue may run: each record sends a notification. */
export const SCHEDULE_TIMEOUT_SECONDS = 60;

/** The one behind the queue for phones: each device is answered for within 15 s. */
export const PUSH_TIMEOUT_SECONDS = 60;

/** And the one behind the trail's, which writes all records in a few statements. */
export const TRAIL_TIMEOUT_SECONDS = 30;

export interface MessagingStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

/** What a notification travels through: topic → fan-out queue → delivery queue, each queue with its dead letters. */
export class MessagingStack extends Stack {
  readonly topic: Topic;
  /** Encrypts the topics of this environment, where its configuration asks for a key. */
  readonly key?: Key;
  readonly fanOut: QueuePair;
  readonly delivery: QueuePair;
  /** Comings and goings, which are told, and decided, after a while. */
  readonly presence: QueuePair;
  /** What there is only where push is on: alarms of schedules, steps of notifications to be kept, … */
  readonly alarmClock?: AlarmClock;
  readonly trail?: QueuePair;
  /** What is to be done about phones when its time has come. */
  readonly push?: QueuePair;

  constructor(scope: Construct, id: string, { config, ...props }: MessagingStackProps) {
    super(scope, id, props);
    const { topicEncryption, fanOutTimeoutSeconds, deliverTimeoutSeconds } = config.messaging;
    if (topicEncryption === 'customer-key') this.key = aTopicKey(this, config.data.deletionProtection);

    this.topic = new Topic(this, 'Notifications', { enforceSSL: true, masterKey: this.key });
    this.fanOut = aQueuePair(this, 'FanOut', fanOutTimeoutSeconds);
    this.delivery = aQueuePair(this, 'Delivery', deliverTimeoutSeconds);
    this.presence = aQueuePair(this, 'Presence', PRESENCE_TIMEOUT_SECONDS);
    this.topic.addSubscription(
      new SqsSubscription(this.fanOut.queue, {
        rawMessageDelivery: true,
        // A notification that SNS gives up to hand over ends where one that fan-out gives up on does.
        deadLetterQueue: this.fanOut.deadLetters,
      }),
    );

    if (config.push !== false) {
      this.trail = aQueuePair(this, 'Trail', TRAIL_TIMEOUT_SECONDS);
      this.push = aQueuePair(this, 'Push', PUSH_TIMEOUT_SECONDS);
      const queue = aQueuePair(this, 'Schedule', SCHEDULE_TIMEOUT_SECONDS);
      this.alarmClock = new AlarmClock(this, 'AlarmClock', { name: `fanfare-${config.stage}`, queue });
    }

    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    output('TopicArn', this.topic.topicArn);
    output('FanOutQueueUrl', this.fanOut.queue.queueUrl);
    output('FanOutDeadLetterQueueUrl', this.fanOut.deadLetters.queueUrl);
    output('DeliveryQueueUrl', this.delivery.queue.queueUrl);
    output('DeliveryDeadLetterQueueUrl', this.delivery.deadLetters.queueUrl);
    output('PresenceQueueUrl', this.presence.queue.queueUrl);
    output('PresenceDeadLetterQueueUrl', this.presence.deadLetters.queueUrl);
    if (this.trail !== undefined) output('TrailQueueUrl', this.trail.queue.queueUrl);
    if (this.push !== undefined) output('PushQueueUrl', this.push.queue.queueUrl);
    if (this.alarmClock !== undefined) {
      const { group, role, queue } = this.alarmClock;
      output('ScheduleGroup', group);
      output('ScheduleRoleArn', role.roleArn);
      output('ScheduleQueueUrl', queue.queue.queueUrl);
      output('ScheduleQueueArn', queue.queue.queueArn);
      output('ScheduleDeadLetterQueueArn', queue.deadLetters.queueArn);
    }
  }
}

/** One key for this environment's topics; alarms and the budget publish to theirs as services of this account. */
const aTopicKey = (stack: Stack, keep: boolean): Key => {
  const key = new Key(stack, 'TopicKey', {
    description: 'Encrypts the topics of Fanfare',
    enableKeyRotation: true,
    removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'ServicesThatPublish',
      principals: ['sns', 'cloudwatch', 'budgets'].map(name => new ServicePrincipal(`${name}.amazonaws.com`)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      // In a key's policy, `*` is the key that carries it.
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  return key;
};
