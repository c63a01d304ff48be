import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config.ts';

/** Receives of one record before it is dead-lettered. */
const MAX_RECEIVES = 5;

/** AWS's advice for a queue that a function polls: time for a throttled batch to be tried again before it reappears. */
const VISIBILITY_PER_TIMEOUT = 6;

/** How long the function behind the presence queue may run: a list of the channel, an append and a publish a record. */
export const PRESENCE_TIMEOUT_SECONDS = 15;

/** The longest that SQS keeps a record. */
const DEAD_LETTERS_KEPT = Duration.days(14);

export interface MessagingStackProps extends StackProps {
  readonly config: EnvironmentConfig;
}

export interface QueuePair {
  readonly queue: Queue;
  readonly deadLetters: Queue;
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

    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    output('TopicArn', this.topic.topicArn);
    output('FanOutQueueUrl', this.fanOut.queue.queueUrl);
    output('FanOutDeadLetterQueueUrl', this.fanOut.deadLetters.queueUrl);
    output('DeliveryQueueUrl', this.delivery.queue.queueUrl);
    output('DeliveryDeadLetterQueueUrl', this.delivery.deadLetters.queueUrl);
    output('PresenceQueueUrl', this.presence.queue.queueUrl);
    output('PresenceDeadLetterQueueUrl', this.presence.deadLetters.queueUrl);
  }
}

/** Encrypted with SQS's own key: SNS can deliver to a queue under that, and under `aws/sqs` it cannot. */
const aQueuePair = (scope: Construct, name: string, timeoutSeconds: number): QueuePair => {
  const secure = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const deadLetters = new Queue(scope, `${name}DeadLetters`, {
    ...secure,
    retentionPeriod: DEAD_LETTERS_KEPT,
  });
  const queue = new Queue(scope, `${name}Queue`, {
    ...secure,
    visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * timeoutSeconds),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
  });
  return { queue, deadLetters };
};

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
