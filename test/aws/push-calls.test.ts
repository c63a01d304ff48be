import { expect, test } from 'vitest';
import type { Counted } from '../../bench/aws/calls.ts';
import { countPushCalls } from '../../bench/aws/push-calls.ts';
import { PUSH_CALLS } from '../../bench/aws/push-cost-model.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';

const unavailable = whyNoLocalStack();

/** As `PUSH_CALLS` names them. */
const costsOf = (calls: Counted['calls']) => {
  const times = (name: string): number => calls.get(name)?.times ?? 0;
  const units = (name: string): number => calls.get(name)?.units ?? 0;
  return {
    queued: times('http-with-data: SQS.SendMessageBatch'),
    trailed: times('fan-out: SQS.SendMessageBatch'),
    trailRuns: times('trail: invocation'),
    runs: times('push: invocation'),
    readUnits: units('push: DynamoDB.GetItem') + units('push: DynamoDB.Query'),
    publishes: times('push: SNS.Publish'),
  };
};

const COUNTED = /^(push: (invocation|DynamoDB\.(GetItem|Query)|SNS\.Publish)|trail: invocation)$/;

test('a push, and taking it back, makes as many calls as its costs are computed from', async context => {
  if (unavailable !== undefined) context.skip(unavailable);
  const { push, withdrawal } = await countPushCalls(localStack().endpoint);

  expect({ push: costsOf(push), withdrawal: costsOf(withdrawal) }).toEqual(PUSH_CALLS);
  const ofPhones = [...push.keys(), ...withdrawal.keys()].filter(name => /^(push|trail):/.test(name));
  expect(ofPhones.filter(name => !COUNTED.test(name))).toEqual([]);
}, 180_000);
