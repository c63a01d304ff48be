import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { decodePushTask } from '../../src/adapters/aws/messaging/push-record.ts';
import { SqsPushQueue } from '../../src/adapters/aws/messaging/sqs-push-queue.ts';
import { SqsTrail } from '../../src/adapters/aws/messaging/sqs-trail.ts';
import { decodeTrail } from '../../src/adapters/aws/messaging/trail-record.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { notificationId, userId } from '../../src/domain/ids.ts';
import type { PushTask } from '../../src/domain/push-task.ts';
import type { TrailEntry } from '../../src/domain/trail.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { SqsConsumer } from '../support/sqs-consumer.ts';
import { until } from '../support/until.ts';
import { pushQueueContract } from './push-queue.contract.ts';

const open = async <Received>(decode: (body: string) => Received) => {
  const client = new SQSClient(localStack().config);
  const command = new CreateQueueCommand({ QueueName: `test-${randomUUID()}` });
  const { QueueUrl: queueUrl = '' } = await client.send(command);
  const [clock, ids] = [new SystemClock(), new RandomIds()];
  const received: Received[] = [];
  const consumer = new SqsConsumer(client, queueUrl);
  consumer.consume(async body => {
    received.push(decode(body));
  });
  const close = async (): Promise<void> => {
    await consumer.stop();
    client.destroy();
  };
  return { options: { client, queueUrl, clock, ids }, received, close };
};

pushQueueContract({
  name: 'SqsPushQueue',
  unavailable: whyNoLocalStack(),
  concurrent: true,
  open: async () => {
    const { options, received, close } = await open<PushTask>(decodePushTask);
    return {
      port: new SqsPushQueue(options),
      clock: options.clock,
      advance: ms => new Promise(resolve => setTimeout(resolve, ms)),
      begun: received,
      begunAtLeast: count => until(() => received.length >= count),
      close,
    };
  },
});

test('steps of the trail travel many to a record, and come as they were', async context => {
  const unavailable = whyNoLocalStack();
  if (unavailable !== undefined) context.skip(unavailable);
  const { options, received, close } = await open<readonly TrailEntry[]>(decodeTrail);
  const entries = Array.from(
    { length: 250 },
    (_, index): TrailEntry => ({
      notificationId: notificationId(`ntf_${index}`),
      user: userId('alice'),
      at: index,
      event: { kind: 'shown' },
    }),
  );

  await new SqsTrail(options).append(entries);
  await until(() => received.flat().length >= entries.length);

  expect(received).toHaveLength(3);
  expect(received.flat().sort((one, other) => one.at - other.at)).toEqual(entries);
  await close();
});

test.each(['{', '{}', '{"kind":"fax","id":"a","user":"alice","dueAt":1,"attempt":0}'])(
  'a record that is no work for phones is refused: %s',
  text => {
    expect(() => decodePushTask(text)).toThrow('the record is no work for phones');
  },
);
