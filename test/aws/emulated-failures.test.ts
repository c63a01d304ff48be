import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import type { Channel } from '../../src/domain/channel.ts';
import type { ConnectionId } from '../../src/domain/ids.ts';
import { aChannel } from '../support/builders.ts';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import { dynamoClient, localStack, whyNoLocalStack } from '../support/localstack.ts';
import { testUnless } from '../support/test-unless.ts';
import { until } from '../support/until.ts';

const MEADOW = aChannel('room:meadow');
const PREFIX = 'fanfare-failures';
const unavailable = whyNoLocalStack();

const inEmulation = testUnless(unavailable);

let stack: EmulatedStack;
let sqs: SQSClient;
/** Whether the function hears of it when a client goes. */
let disconnects: 'heard' | 'lost' = 'heard';
beforeAll(async () => {
  if (unavailable !== undefined) return;
  // A tenth of a small notification's worth at once, so that most posts are throttled at first.
  const env = { FANFARE_QUOTA_MANAGEMENT_PER_SECOND: '20', FANFARE_QUOTA_MANAGEMENT_BURST: '5' };
  const onInvoke = (name: string): void => {
    if (name === 'disconnect' && disconnects === 'lost') throw new Error('lost on its way');
  };
  stack = await anEmulatedStack(PREFIX, { env, onInvoke });
  sqs = new SQSClient(localStack().config);
}, 60_000);
afterAll(async () => {
  sqs?.destroy();
  await stack?.close();
});

const queueUrl = async (pattern: RegExp): Promise<string> => {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: PREFIX }));
  const found = QueueUrls.filter(url => pattern.test(url));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
};

const waiting = async (QueueUrl: string): Promise<number> => {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  return Number((await sqs.send(command)).Attributes?.ApproximateNumberOfMessages);
};

/** The very table that the functions use, read directly. */
const theRegistry = (): DynamoConnectionRegistry =>
  new DynamoConnectionRegistry({
    client: dynamoClient(),
    clock: new SystemClock(),
    ids: new RandomIds(),
    table: stack.resources.env.FANFARE_CONNECTIONS_TABLE ?? '',
    shards: { default: 1, broadcast: 16 },
  });

describe('On emulated AWS, when things go wrong', () => {
  inEmulation('a throttling management API delays, and everyone gets it once in the end', async () => {
    const screens = await Promise.all(Array.from({ length: 30 }, () => stack.connect('max')));
    expect((await stack.notify({ to: ['user:max'], title: 'to all thirty' })).status).toBe(202);
    for (const screen of screens) {
      await until(() => screen.pushed('user:max').length > 0, 30_000);
      expect(screen.pushed('user:max')).toHaveLength(1);
    }
  });

  inEmulation('a poison record is dead-lettered, and its neighbours arrive once', async () => {
    const nina = await stack.connect('nina');
    const fanOut = await queueUrl(/FanOut(?!Dead)[^/]*$/);
    const dead = await queueUrl(/FanOutDead[^/]*$/);
    const quickly = { QueueUrl: fanOut, Attributes: { VisibilityTimeout: '1' } };
    await sqs.send(new SetQueueAttributesCommand(quickly)); // five receives in seconds, not in a quarter of an hour
    await new Promise(resolve => setTimeout(resolve, 1_500)); // a long poll that began before keeps the old timeout
    await sqs.send(new SendMessageCommand({ QueueUrl: fanOut, MessageBody: 'poison' }));
    for (const title of ['one', 'two']) await stack.notify({ to: ['user:nina'], title });
    await until(() => nina.pushed('user:nina').length >= 2, 15_000);
    await until(async () => (await waiting(dead)) === 1, 30_000);
    expect(nina.pushed('user:nina').map(({ offset }) => offset)).toEqual([1, 2]);
  });

  inEmulation('a token that has expired opens nothing', async () => {
    await expect(stack.connect('quin', { expiresInMs: -60_000 })).rejects.toThrow('401');
  });

  inEmulation(
    'what there is no route for is answered 404, or by an error that names the action',
    async () => {
      const { status, headers } = await fetch(`${stack.url}/v2/nothing`);
      expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
      const rita = await stack.connect('rita');
      const answer = await rita.request({ action: 'shout' });
      expect(answer).toMatchObject({ type: 'error', code: 'invalid', field: 'action' });
    },
  );

  inEmulation('a frame over 32 KB ends its connection 1009, and the function hears of it', async () => {
    const sam = await stack.connect('sam');
    const { connectionId } = await sam.request({ action: 'hello' });
    sam.sendRaw('x'.repeat(33 * 1_024));
    expect(await sam.closed).toMatchObject({ code: 1009 });
    const registry = theRegistry();
    await until(
      async () => (await registry.find(String(connectionId) as ConnectionId)) === undefined,
      10_000,
    );
  });

  inEmulation(
    'a client that died unheard is pruned at the next send, and its neighbour goes on',
    async () => {
      const rights = { allow: { 'room:*': ['subscribe'] } } as const;
      const [lost, olga] = [await stack.connect('pat', rights), await stack.connect('olga', rights)];
      for (const client of [lost, olga]) await client.request({ action: 'subscribe', channel: MEADOW });
      const { connectionId } = await lost.request({ action: 'hello' });
      const registry = theRegistry();
      const membersOf = async (channel: Channel) =>
        (await registry.members(channel, { shard: 0, limit: 10 })).connectionIds;
      const id = String(connectionId) as ConnectionId;
      expect(await registry.subscriptions(id)).toContain(MEADOW);

      disconnects = 'lost';
      lost.kill();
      await until(async () => (await fetch(`${stack.url}/@connections/${id}`)).status === 410);
      expect(await registry.find(id)).toBeDefined(); // nobody told us

      await stack.notify({ to: [MEADOW], title: 'who is still here?' });
      await until(async () => (await registry.find(id)) === undefined, 15_000);
      disconnects = 'heard';
      expect(await registry.subscriptions(id)).toEqual([]);
      const { connectionId: other } = await olga.request({ action: 'hello' });
      expect(await membersOf(MEADOW)).toEqual([other]);
      expect(await membersOf(aChannel('user:pat'))).toEqual([]);
      await until(() => olga.pushed(MEADOW).length === 1);
    },
  );

  inEmulation(
    'a connection whose $disconnect never came is answered 410, and its neighbour goes on',
    async () => {
      const olga = await stack.connect('olga');
      const gone = await fetch(`${stack.url}/@connections/${newConnectionId()}`, {
        method: 'POST',
        body: 'hi',
      });
      expect([gone.status, gone.headers.get('x-amzn-errortype')]).toEqual([410, 'GoneException']);
      await stack.notify({ to: ['user:olga'], title: 'still here' });
      await olga.first(({ type }) => type === 'message');
    },
  );
});
