import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SqsDeliveryQueue } from '../../src/adapters/aws/messaging/sqs-delivery-queue.ts';
import { MemoryMessageStore } from '../../src/adapters/local/memory-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { aChannel, aJob, aMessage } from '../support/builders.ts';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import { SilentLogger } from '../support/fakes.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';

const unavailable = whyNoLocalStack();

let stack: EmulatedStack;
beforeAll(async () => {
  if (unavailable === undefined) stack = await anEmulatedStack('fanfare-redrive');
}, 60_000);
afterAll(() => stack?.close());

/** The delivery queue of the stack, as its functions have it. */
const theQueue = (): SqsDeliveryQueue => {
  const client = new SQSClient(localStack().config);
  const [clock, ids, logger] = [new SystemClock(), new RandomIds(), new SilentLogger()];
  const store = new MemoryMessageStore({ clock, ids });
  const { deliveryQueueUrl: queueUrl, env } = stack.resources;
  const deadLetterQueueUrl = env.FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL ?? '';
  return new SqsDeliveryQueue({ client, queueUrl, deadLetterQueueUrl, store, clock, ids, logger });
};

describe('On emulated AWS', () => {
  test('a dead letter that the HTTP API redrives reaches its socket', async context => {
    if (unavailable !== undefined) return context.skip(unavailable);
    const queue = theQueue();
    const alice = await stack.connect('alice');
    const welcome = await alice.request({ action: 'hello' });
    const id = connectionId(String(welcome.connectionId));
    const message = aMessage({ channel: aChannel('user:alice'), offset: 7 });
    await queue.deadLetter(aJob({ message, connectionIds: [id], attempt: 5 }), 'throttled (1)');

    const seen = await stack.get('/v1/dead-letters');
    expect(await seen.json()).toMatchObject({
      deadLetters: [{ offset: 7, cause: 'throttled (1)' }],
      complete: true,
    });
    const redriven = await stack.post('/v1/dead-letters/redrive', {});
    expect(await redriven.json()).toEqual({ redriven: 1 });
    expect(await alice.first(({ type }) => type === 'message')).toMatchObject({
      channel: 'user:alice',
      offset: 7,
    });
    expect(await (await stack.get('/v1/dead-letters')).json()).toEqual({ deadLetters: [], complete: true });
  }, 60_000);
});
