import { expect, test } from 'vitest';
import { countCalls } from '../../bench/aws/calls.ts';
import { notificationCalls } from '../../bench/aws/cost-model.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';

const unavailable = whyNoLocalStack();

/** Those of a middleware in every client of the functions; the cost table in docs/deploy.md is made of the model's. */
test('a notification makes as many calls, and of as many units, as its costs are computed from', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const counted = await countCalls(localStack().endpoint, [1, 3, 600, 5_600]);
  for (const { receivers, to, calls } of counted) {
    const times = (name: string): number => calls.get(name)?.times ?? 0;
    const posts = 'ApiGatewayManagementApi.PostToConnection';
    const { jobs, ...expected } = notificationCalls(receivers, to);
    expect(calls.get('fan-out: SQS.SendMessageBatch')?.entries ?? 0).toBe(jobs);
    expect({
      reads: times('http: DynamoDB.GetItem'),
      writeUnits: calls.get('http: DynamoDB.TransactWriteItems')?.units,
      inboxWriteUnits: calls.get('http: DynamoDB.PutItem')?.units ?? 0,
      publishes: times('http: SNS.PublishBatch'),
      queries: times('fan-out: DynamoDB.Query'),
      jobBatches: times('fan-out: SQS.SendMessageBatch'),
      posts: times(`fan-out: ${posts}`) + times(`deliver: ${posts}`),
    }).toEqual(expected);
    const known =
      /^(http|fan-out|deliver): (invocation|DynamoDB\.(GetItem|PutItem|TransactWriteItems|Query)|SNS\.PublishBatch|SQS\.SendMessageBatch|ApiGatewayManagementApi\.PostToConnection)$/;
    expect([...calls.keys()].filter(name => !known.test(name))).toEqual([]);
  }
}, 120_000);
