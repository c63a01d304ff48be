import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

const NOTIFICATIONS = '/v1/notifications';

describe('Requests of one user', () => {
  test('past the limit are refused with when to come back; an admin is not limited', async () => {
    const server = await aLocalStack({ FANFARE_REQUESTS_PER_SECOND: '1', FANFARE_REQUESTS_BURST: '2' });
    try {
      const bearer = await server.token('ann', { allow: { 'topic:*': ['history'] } });
      const ask = (token?: string) => server.get('/v1/channels/topic:log/messages', token);
      const first = await ask(bearer);
      expect(first.status).toBe(200);
      expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=2;w=2');
      expect(first.headers.get('ratelimit')).toBe('"requests";r=1;t=1');
      expect((await ask(bearer)).status).toBe(200);
      const refused = await ask(bearer);
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(refused.headers.get('ratelimit')).toBe('"requests";r=0;t=1');
      expect(await refused.json()).toMatchObject({ code: 'rate-limited', title: 'Too Many Requests' });
      for (let n = 0; n < 5; n += 1) expect((await ask()).status).toBe(200);
      expect((await ask()).headers.get('ratelimit')).toBeNull();
    } finally {
      await server.close();
    }
  });
});

describe('GET /v1/channels/{channel}/messages', () => {
  const read = async (query = '', bearer?: string) =>
    stack.get(`/v1/channels/topic:log/messages${query}`, bearer);

  beforeAll(async () => {
    for (let n = 1; n <= 5; n += 1) await stack.post(NOTIFICATIONS, { to: ['topic:log'], title: `n${n}` });
  });

  test.each([
    ['', [1, 2, 3, 4, 5], true],
    ['?limit=2', [4, 5], false],
    ['?after=3', [4, 5], true],
    ['?after=0&limit=2', [1, 2], false],
    ['?before=3', [1, 2], true],
    ['?before=5&limit=2', [3, 4], false],
    ['?after=5', [], true],
  ])('reads %s', async (query, offsets, complete) => {
    const answer = (await (await read(query)).json()) as { messages: { offset: number }[] };
    expect(answer.messages.map(({ offset }) => offset)).toEqual(offsets);
    expect(answer).toMatchObject({ position: { offset: 5 }, complete, trimmed: false });
  });

  test.each([
    ['?limit=0', 'limit'],
    ['?limit=301', 'limit'],
    ['?limit=many', 'limit'],
    ['?after=-1', 'after'],
    ['?after=1.5', 'after'],
    ['?before=1e99', 'before'],
    ['?after=1&before=3', 'before'],
  ])('refuses %s, naming %s', async (query, field) => {
    const response = await read(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
  });

  test('refuses what is no channel', async () => {
    const response = await stack.get('/v1/channels/nonsense/messages');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'channel' }] });
  });

  test('needs the capability', async () => {
    expect((await read('', await stack.token('eve'))).status).toBe(403);
    expect((await read('', await stack.token('ann', { allow: { 'topic:*': ['history'] } }))).status).toBe(
      200,
    );
  });
});

describe('The rest of the API', () => {
  test('says that it is healthy', async () => {
    expect(await (await fetch(`${stack.url}/health`)).json()).toMatchObject({ status: 'ok' });
  });

  test('counts for Prometheus, by route and not by path', async () => {
    await stack.get('/v1/channels/user:nobody-else/messages');
    const text = await (await fetch(`${stack.url}/metrics`)).text();
    expect(text).toMatch(/^fanfare_notifications_accepted_total\{outcome="new"\} \d+$/m);
    expect(text).toMatch(
      /^fanfare_http_request_seconds_count\{method="GET",route="\/v1\/channels\/:channel\/messages"/m,
    );
    expect(text).not.toContain('nobody-else');
  });

  test('describes the socket in AsyncAPI 3.1', async () => {
    const document = (await (await fetch(`${stack.url}/asyncapi.json`)).json()) as {
      asyncapi: string;
      operations: object;
    };
    expect(document.asyncapi).toBe('3.1.0');
    expect(Object.keys(document.operations)).toContain('subscribe');
  });

  test('describes itself in OpenAPI 3.1, with every route, body and problem', async () => {
    const document = (await (await fetch(`${stack.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: object; requestBody?: object }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/channels',
      '/v1/channels/{channel}/messages',
      '/v1/channels/{channel}/presence',
      '/v1/connections',
      '/v1/dead-letters',
      '/v1/dead-letters/redrive',
      '/v1/dead-pushes',
      '/v1/dead-pushes/redrive',
      '/v1/notifications',
      '/v1/notifications/{id}',
      '/v1/schedules',
      '/v1/schedules/{id}',
      '/v1/schedules/{id}/pause',
      '/v1/schedules/{id}/resume',
      '/v1/unsubscribe/{token}',
      '/v1/users',
      '/v1/users/{id}',
      '/v1/users/{id}/devices',
      '/v1/users/{id}/devices/{deviceId}',
      '/v1/users/{id}/export',
      '/v1/users/{id}/inbox',
      '/v1/users/{id}/inbox/read',
      '/v1/users/{id}/inbox/{messageId}/read',
      '/v1/users/{id}/notifications',
      '/v1/users/{id}/phones',
      '/v1/users/{id}/phones/{deviceId}',
      '/v1/users/{id}/preferences',
    ]);
    const post = document.paths['/v1/notifications']?.post;
    expect(post?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/NotificationRequest' } } },
    });
    expect(Object.keys(post?.responses ?? {})).toEqual([
      '202',
      '400',
      '401',
      '403',
      '409',
      '413',
      '415',
      '503',
    ]);
  });

  test('answers an unknown path with a problem', async () => {
    const response = await stack.get('/v1/nothing');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'not-found',
      detail: expect.stringContaining('/v1/nothing'),
    });
  });

  test('lets pages of other origins in only where configured', async () => {
    const origin = 'https://app.example.com';
    const open = await aLocalStack({ FANFARE_CORS_ORIGINS: origin });
    const preflight = (url: string) =>
      fetch(`${url}${NOTIFICATIONS}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    expect((await preflight(open.url)).headers.get('access-control-allow-origin')).toBe(origin);
    expect((await preflight(stack.url)).headers.get('access-control-allow-origin')).toBeNull();
    await open.close();
  });

  test("hands the page's tokens to a page of this machine only", async () => {
    const from = (headers: Record<string, string>) => fetch(`${stack.url}/dev/tokens`, { headers });
    expect(await (await from({})).json()).toMatchObject({ tokens: { alice: expect.any(String) } });
    expect((await from({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const { port } = new URL(stack.url);
    expect(
      await rawStatus(
        Number(port),
        'GET /dev/tokens HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      ),
    ).toBe(403);
  });
});

const rawStatus = async (port: number, request: string): Promise<number> => {
  const { connect } = await import('node:net');
  const { promise, resolve } = Promise.withResolvers<number>();
  const socket = connect(port, '127.0.0.1', () => socket.write(request));
  socket.once('data', data => {
    resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1]));
    socket.destroy();
  });
  return promise;
};
