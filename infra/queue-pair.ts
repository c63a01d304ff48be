import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Receives of one record before it is dead-lettered. */
const MAX_RECEIVES = 5;

/** AWS's advice for a queue that a function polls: time for a throttled batch to be tried again before it reappears. */
const VISIBILITY_PER_TIMEOUT = 6;

/** The longest that SQS keeps a record. */
const DEAD_LETTERS_KEPT = Duration.days(14);

export interface QueuePair {
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/** Encrypted with SQS's own key: SNS can deliver to a queue under that, and under `aws/sqs` it cannot. */
export const aQueuePair = (scope: Construct, name: string, timeoutSeconds: number): QueuePair => {
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
