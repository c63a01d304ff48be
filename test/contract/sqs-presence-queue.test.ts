import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { decodePresenceLook, SqsPresenceQueue } from '../../src/adapters/aws/messaging/sqs-presence-queue.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { PresenceLook } from '../../src/domain/presence.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { SqsConsumer } from '../support/sqs-consumer.ts';
import { until } from '../support/until.ts';
import { presenceQueueContract } from './presence-queue.contract.ts';

presenceQueueContract({
  name: 'SqsPresenceQueue',
  unavailable: whyNoLocalStack(),
  concurrent: true,
  lacks: { 'manual-time': 'SQS keeps its own time, to the second' },
  open: async () => {
    const client = new SQSClient(localStack().config);
    const Attributes = { VisibilityTimeout: '1' };
    const command = new CreateQueueCommand({ QueueName: `test-${randomUUID()}`, Attributes });
    const { QueueUrl: queueUrl = '' } = await client.send(command);
    const [clock, ids] = [new SystemClock(), new RandomIds()];
    const consumer = new SqsConsumer(client, queueUrl);
    const received: PresenceLook[] = [];
    let failures = 0;
    consumer.consume(async body => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the consumer failed');
      }
      received.push(decodePresenceLook(body));
    });
    return {
      port: new SqsPresenceQueue({ client, queueUrl, clock, ids }),
      clock,
      advance: ms => new Promise(resolve => setTimeout(resolve, ms)),
      received,
      failNext: times => {
        failures = times;
      },
      receivedAtLeast: count => until(() => received.length >= count),
      close: async () => {
        await consumer.stop();
        client.destroy();
      },
    };
  },
});

test.each([
  '{',
  '{}',
  '{"channel":"nowhere","user":"alice","reason":"left"}',
  '{"channel":"room:lobby","user":"alice","reason":"came"}',
  '{"channel":"room:lobby","user":"alice","reason":"watch"}',
])('a record that is no look at presence is refused: %s', text => {
  expect(() => decodePresenceLook(text)).toThrow('the record is no look at presence');
});
