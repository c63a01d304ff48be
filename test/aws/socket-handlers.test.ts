import { describe, expect, test } from 'vitest';
import { messageHandler } from '../../src/adapters/aws/lambda/message-handler.ts';
import { FrameRouter } from '../../src/adapters/socket/frame-router.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { openFunctions, requestContext } from '../support/aws-functions.ts';

const id = requestContext.connectionId;

describe('The connect function', () => {
  test.each([
    ['as API Gateway writes it', { 'Sec-WebSocket-Protocol': 'fanfare.v1, bearer.good' }],
    ['in lower case', { 'sec-websocket-protocol': 'fanfare.v1, bearer.good' }],
    ['in upper case', { 'SEC-WEBSOCKET-PROTOCOL': 'fanfare.v1,bearer.good' }],
  ])('finds the subprotocol header %s, and answers with the subprotocol', async (_what, headers) => {
    const world = openFunctions();
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
    expect(await openFunctions().connectFunction(event)).toMatchObject({
      statusCode,
      body: expect.any(String),
    });
  });

  test('takes no token from the query', async () => {
    const event = { queryStringParameters: { token: 'good' }, requestContext };
    expect(await openFunctions().connectFunction(event)).toMatchObject({ statusCode: 401 });
  });
});

describe('The message function', () => {
  const connected = async () => {
    const world = openFunctions();
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
    const world = openFunctions();
    expect(await world.disconnectFunction({ requestContext })).toEqual({ statusCode: 200 });
    expect(await world.disconnectFunction({ requestContext })).toEqual({ statusCode: 200 });
  });
});
