import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { WebSocket } from 'ws';
import type { FunctionName } from '../../src/composition/emulated-aws.ts';
import { differences } from '../support/aws-events/compare.ts';
import { documented } from '../support/aws-events/documented.ts';
import type { EmulatedStack } from '../support/emulated-stack.ts';
import { anEmulatedStack } from '../support/emulated-stack.ts';
import { localStack, whyNoLocalStack } from '../support/localstack.ts';
import { testUnless } from '../support/test-unless.ts';
import { until } from '../support/until.ts';

const unavailable = whyNoLocalStack();

const NO_DOMAIN = { 'requestContext.domainName: IPv4 address instead of text': 'a laptop has no domain' };

/** What the emulation does differently on purpose, by event: the difference, and why. */
const DELIBERATE: Partial<Record<keyof typeof documented, Readonly<Record<string, string>>>> = {
  connect: {
    ...NO_DOMAIN,
    'headers.Sec-WebSocket-Protocol: text instead of nothing': 'our clients send their token in it',
    'multiValueHeaders.Sec-WebSocket-Protocol: list instead of nothing': 'the same',
    'multiValueHeaders.Sec-WebSocket-Protocol[]: text instead of nothing': 'the same',
  },
  message: NO_DOMAIN,
  disconnect: NO_DOMAIN,
  http: {
    ...NO_DOMAIN,
    'requestContext.domainPrefix: number, as text instead of text': 'a laptop has no domain',
    'headers.cookie: text instead of nothing': 'left in place beside `cookies`',
  },
  queue: {
    'Records[].attributes.SenderId: account instead of text': 'LocalStack names the account alone',
  },
};

const inEmulation = testUnless(unavailable);

let stack: EmulatedStack;
const received: { readonly name: FunctionName; readonly event: unknown }[] = [];

beforeAll(async () => {
  if (unavailable !== undefined) return;
  stack = await anEmulatedStack('fanfare-shapes', {
    onInvoke: (name, event) => received.push({ name, event }),
  });
}, 60_000);
afterAll(() => stack?.close());

const eventOf = async (name: FunctionName, matches = (_event: unknown) => true): Promise<unknown> => {
  const found = () => received.find(each => each.name === name && matches(each.event));
  await until(() => found() !== undefined, 15_000);
  return structuredClone(found()?.event); // as it goes into the function
};

const expectShape = (event: unknown, like: keyof typeof documented, deliberate = like): void => {
  expect(differences(event, documented[like])).toEqual(Object.keys(DELIBERATE[deliberate] ?? {}).sort());
};

describe('What the functions receive in emulation has the shape that AWS documents', () => {
  inEmulation('for $connect, $default and $disconnect', async () => {
    const socket = await stack.connect('alice');
    await socket.request({ action: 'ping' });
    socket.close();
    expectShape(await eventOf('connect'), 'connect');
    expectShape(await eventOf('message'), 'message');
    expectShape(await eventOf('disconnect'), 'disconnect');
  });

  inEmulation('for a $connect with a query', async () => {
    const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/ws?name=me`, ['fanfare.v1']);
    await new Promise(resolve => socket.once('error', resolve)); // 401, after the function has been asked
    const withQuery = (event: unknown) => 'queryStringParameters' in (event as object);
    expectShape(await eventOf('connect', withQuery), 'connectWithQuery', 'connect');
  });

  inEmulation('for a request over HTTP', async () => {
    const headers = {
      accept: '*/*',
      'content-type': 'application/json',
      'content-length': 17,
      cookie: 'one=1; two=2',
      'user-agent': 'test',
    };
    // Not with fetch, which adds headers of its own.
    const sent = request(`${stack.url}/v1/notifications?a=1&a=2&b=3`, { method: 'POST', headers });
    sent.end('{"title":"hello"}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    expectShape(await eventOf('http'), 'http');
  });

  inEmulation('for a body that is no text, in base64', async () => {
    const body = new Uint8Array([0xff, 0x00]);
    const headers = { 'content-type': 'application/octet-stream' };
    await fetch(`${stack.url}/v1/notifications?binary=1`, { method: 'POST', headers, body });
    const isBinary = (event: unknown) => (event as { rawQueryString: string }).rawQueryString === 'binary=1';
    expect(await eventOf('http', isBinary)).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });

  inEmulation('for records of the queues', async () => {
    const sqs = new SQSClient(localStack().config);
    const MessageAttributes = { cause: { DataType: 'String', StringValue: 'throttled' } };
    for (const QueueUrl of [stack.resources.fanOutQueueUrl, stack.resources.deliveryQueueUrl]) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"message":{}}', MessageAttributes }));
    }
    sqs.destroy();
    expectShape(await eventOf('fan-out'), 'queue');
    expectShape(await eventOf('deliver'), 'queue');
  });
});
