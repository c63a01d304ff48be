import { describe, expect, test } from 'vitest';
import { messageHandler } from '../../src/adapters/aws/lambda/message-handler.ts';
import {
  deliverHandler,
  fanOutHandler,
  presenceHandler,
} from '../../src/adapters/aws/lambda/queue-handlers.ts';
import { connectHandler, disconnectHandler } from '../../src/adapters/aws/lambda/socket-handlers.ts';
import { encodeJob, encodeMessage } from '../../src/adapters/aws/messaging/envelope.ts';
import { FrameRouter } from '../../src/adapters/socket/frame-router.ts';
import { Handshakes } from '../../src/adapters/socket/handshakes.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { TokenVerifier } from '../../src/ports/token-verifier.ts';
import { aChannel, aConnection, aDraft, aJob, aMessage, anIdentity } from '../support/builders.ts';
import { aWorld } from '../support/world.ts';

const id = connectionId('L0SM9cOFvHcCIhw=');
const lobby = aChannel('room:lobby');

/** Takes the token `good`, for alice. */
const verifier: TokenVerifier = {
  verify: async token => {
    if (token === 'good') return anIdentity({ admin: true });
    if (token === 'broken') throw new TypeError('boom');
    throw new FanfareError('unauthenticated', 'the token is not valid');
  },
};

const anyContext = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };

const open = () => {
  const world = aWorld();
  const handshakes = new Handshakes(
    { ...world, verifier },
    { tokenInQuery: false, longestLifeMs: 7_200_000 },
  );
  return {
    ...world,
    connectFunction: connectHandler(handshakes),
    messageFunction: messageHandler({ ...world, frameRouter: new FrameRouter(world) }),
    disconnectFunction: disconnectHandler(world.disconnect),
    fanOutFunction: fanOutHandler(world),
    deliverFunction: deliverHandler(world),
    presenceFunction: presenceHandler(world),
  };
};

const requestContext = { connectionId: id, routeKey: '$connect', eventType: 'CONNECT' };
const records = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    body,
    attributes: {},
    eventSource: 'aws:sqs',
  })),
});
const failures = (...indices: readonly number[]) => ({
  batchItemFailures: indices.map(index => ({ itemIdentifier: `m${index}` })),
});

describe('The connect function', () => {
  test.each([
    ['as API Gateway writes it', { 'Sec-WebSocket-Protocol': 'fanfare.v1, bearer.good' }],
    ['in lower case', { 'sec-websocket-protocol': 'fanfare.v1, bearer.good' }],
    ['in upper case', { 'SEC-WEBSOCKET-PROTOCOL': 'fanfare.v1,bearer.good' }],
  ])('finds the subprotocol header %s, and answers with the subprotocol', async (_what, headers) => {
    const world = open();
    expect(await world.connectFunction({ headers, requestContext })).toEqual({
      statusCode: 200,
      headers: { 'Sec-WebSocket-Protocol': 'fanfare.v1' },
    });
    expect(await world.registry.find(id)).toMatchObject({ identity: { user: 'alice' } });
  });

  test.each([
    ['a bad token', { authorization: 'Bearer bad' }, 401],
    ['no token', {}, 401],
    ['no headers at all', undefined, 401],
    ['headers that are null', null, 401],
    ['a verifier that breaks', { authorization: 'Bearer broken' }, 503],
  ])('answers %s with %s by status code', async (_what, headers, statusCode) => {
    const event = { headers, queryStringParameters: null, requestContext };
    expect(await open().connectFunction(event)).toMatchObject({ statusCode, body: expect.any(String) });
  });

  test('takes no token from the query', async () => {
    const event = { queryStringParameters: { token: 'good' }, requestContext };
    expect(await open().connectFunction(event)).toMatchObject({ statusCode: 401 });
  });
});

describe('The message function', () => {
  const connected = async () => {
    const world = open();
    await world.connectFunction({ headers: { authorization: 'Bearer good' }, requestContext });
    return world;
  };
  const ping = '{"action":"ping","id":"1"}';

  test('answers on the same socket, by the route response', async () => {
    const world = await connected();
    const answer = await world.messageFunction({ requestContext, body: ping, isBase64Encoded: false });
    expect(answer).toEqual({ statusCode: 200, body: '{"type":"pong","id":"1"}' });
  });

  test('takes a base64 body', async () => {
    const world = await connected();
    const body = Buffer.from(ping).toString('base64');
    expect(await world.messageFunction({ requestContext, body, isBase64Encoded: true })).toMatchObject({
      body: '{"type":"pong","id":"1"}',
    });
  });

  test.each([undefined, null, '', 'nonsense', '[]'])(
    'answers the body %j with an error frame',
    async body => {
      const { body: answer = '' } = await (await connected()).messageFunction({ requestContext, body });
      expect(JSON.parse(answer)).toMatchObject({ type: 'error', code: 'invalid' });
    },
  );

  test('tells a connection whose token has expired, then closes it', async () => {
    const world = await connected();
    await world.clock.advance(7_200_000);
    expect(await world.messageFunction({ requestContext, body: ping })).toEqual({ statusCode: 200 });
    const [told = '', ...others] = world.gateway.received(id);
    expect(JSON.parse(told)).toMatchObject({ type: 'error', code: 'unauthenticated', id: '1' });
    expect(others).toEqual([]);
    expect(world.gateway.closed).toEqual([id]);
  });

  test('closes none for any other refusal', async () => {
    const world = await connected();
    for (const body of ['nonsense', '{"action":"subscribe","channel":"unauthenticated"}']) {
      const answer = await world.messageFunction({ requestContext, body });
      expect(JSON.parse(answer.body ?? '')).toMatchObject({ type: 'error' });
    }
    expect(world.gateway.closed).toEqual([]);
  });

  test('leaves the connection for its next frame where it cannot be closed just now', async () => {
    const world = await connected();
    await world.clock.advance(7_200_000);
    const gateway = {
      post: world.gateway.post.bind(world.gateway),
      find: world.gateway.find.bind(world.gateway),
      close: async () => {
        throw new FanfareError('unavailable', 'the management API is not available');
      },
    };
    const handle = messageHandler({ ...world, gateway, frameRouter: new FrameRouter(world) });
    expect(await handle({ requestContext, body: ping })).toEqual({ statusCode: 200 });
    expect(world.logger.of('connection.not-closed')).toHaveLength(1);
  });
});

describe('The disconnect function', () => {
  test('may be told twice, or of a connection that nobody knows', async () => {
    const world = open();
    expect(await world.disconnectFunction({ requestContext })).toEqual({ statusCode: 200 });
    expect(await world.disconnectFunction({ requestContext })).toEqual({ statusCode: 200 });
  });
});

describe('The fan-out function', () => {
  const message = aMessage({ channel: lobby });
  const raw = encodeMessage(message, 1_000_000);
  const enveloped = JSON.stringify({ Type: 'Notification', MessageId: 'sns-1', Message: raw });

  test.each([
    ['raw', raw],
    ["in SNS's envelope", enveloped],
  ])('takes a message %s', async (_what, body) => {
    const world = open();
    await world.registry.register(aConnection({ id }), [lobby]);
    expect(await world.fanOutFunction(records(body), anyContext)).toEqual(failures());
    expect(world.gateway.received(id)).toHaveLength(1);
  });

  test('reads a message that came by reference from the log', async () => {
    const world = open();
    await world.registry.register(aConnection({ id }), [lobby]);
    const draft = aDraft({ channel: lobby, content: { kind: 'data', data: 'x'.repeat(1_000) } });
    const { position } = await world.store.append(draft);
    const body = encodeMessage({ ...draft, ...position }, 500);
    expect(body.length).toBeLessThan(500);
    expect(await world.fanOutFunction(records(body), anyContext)).toEqual(failures());
    expect(world.gateway.received(id)[0]).toContain('x'.repeat(1_000));
  });

  test.each([
    ['not JSON', 'nonsense'],
    ['JSON of another kind', '{"hello":"world"}'],
    ['a channel that is none', JSON.stringify({ message: { ...message, channel: 'nowhere' } })],
    [
      'a reference to what the log no longer holds',
      JSON.stringify({ reference: { channel: lobby, epoch: 'e', offset: 9 } }),
    ],
    ['an empty body', ''],
  ])('reports a record that is %s, and delivers its neighbours once', async (_what, poison) => {
    const world = open();
    await world.registry.register(aConnection({ id }), [lobby]);
    expect(await world.fanOutFunction(records(raw, poison, raw), anyContext)).toEqual(failures(1));
    expect(world.gateway.received(id)).toHaveLength(2);
    expect(world.logger.of('record.failed')).toMatchObject([
      { fields: { sqsMessageId: 'm1', requestId: 'request-1' } },
    ]);
  });

  test('hands back what there is no time left for', async () => {
    const world = open();
    await world.registry.register(aConnection({ id }), [lobby]);
    const late = { ...anyContext, getRemainingTimeInMillis: () => 1_999 };
    expect(await world.fanOutFunction(records(raw, raw), late)).toEqual(failures(0, 1));
    expect(world.gateway.received(id)).toEqual([]);
  });
});

describe('The deliver function', () => {
  test('delivers its jobs, and stops retrying while there is time to hand the rest on', async () => {
    const world = open();
    world.gateway.script(id, 'throttled');
    const body = encodeJob(aJob({ connectionIds: [id] }), 1_000_000);
    const context = { ...anyContext, getRemainingTimeInMillis: () => 3_000 };
    expect(await world.deliverFunction(records(body), context)).toEqual(failures());
    expect(world.metrics.counted('deliveries_requeued_total')).toBe(1);
  });

  test('reports a job that is none of ours, with its cause in the log', async () => {
    const world = open();
    expect(await world.deliverFunction(records('{"id":7}'), anyContext)).toEqual(failures(0));
    expect(world.logger.of('record.failed')).toMatchObject([
      { fields: { cause: 'the record is not one of ours' } },
    ]);
  });
});

describe('The presence function', () => {
  const due = (user: string) => JSON.stringify({ channel: lobby, user, reason: 'entered' });

  test('tells what is due, and reports what is none of ours with its cause', async () => {
    const world = open();
    const device = { user: userId('alice'), connectionId: id, expiresAt: world.clock.now() + 60_000 };
    await world.presenceStore.enter(lobby, device);
    const event = records(due('alice'), 'nonsense', due('nobody'));
    expect(await world.presenceFunction(event, anyContext)).toEqual(failures(1));
    const { messages } = await world.store.read(aChannel('presence:room:lobby'), { limit: 10 });
    expect(messages).toMatchObject([{ content: { change: { event: 'joined', user: 'alice', count: 1 } } }]);
    expect(world.logger.of('record.failed')).toMatchObject([
      { fields: { cause: 'the record is no look at presence' } },
    ]);
  });
});

describe('A function that is wired to something else', () => {
  test.each([undefined, null, 7, {}, { Records: 'no' }])('says so for the event %j', async event => {
    const world = open();
    for (const handle of [world.connectFunction, world.messageFunction, world.disconnectFunction]) {
      await expect(handle(event)).rejects.toMatchObject({ code: 'invalid' });
    }
    for (const handle of [world.fanOutFunction, world.deliverFunction, world.presenceFunction]) {
      await expect(handle(event, anyContext)).rejects.toMatchObject({ code: 'invalid' });
    }
  });
});
