import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

const NOTIFICATIONS = '/v1/notifications';
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('POST /v1/notifications', () => {
  test('answers 202 with the id and the place in each channel', async () => {
    const response = await stack.post(NOTIFICATIONS, { to: ['user:ann', 'topic:orders'], title: 'Shipped' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^ntf_\w+$/),
      channels: [
        {
          channel: 'user:ann',
          messageId: expect.stringMatching(/^ntf_\w+\.user:ann$/),
          epoch: expect.any(String),
          offset: 1,
        },
        { channel: 'topic:orders', messageId: expect.any(String), epoch: expect.any(String), offset: 1 },
      ],
    });
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  test('with an Idempotency-Key answers a repeat alike, and another body with 409', async () => {
    const key = { 'idempotency-key': 'order-42' };
    const body = { to: ['user:ida'], title: 'Shipped', data: { a: 1 } };
    const first = await (await stack.post(NOTIFICATIONS, body, key)).json();
    const repeat = await (await stack.post(NOTIFICATIONS, body, key)).json();
    expect(repeat).toEqual(first);

    const conflict = await stack.post(NOTIFICATIONS, { ...body, title: 'Lost' }, key);
    expect(conflict.status).toBe(409);
    expect(await conflict.json()).toMatchObject({ code: 'conflict', errors: [{ field: 'Idempotency-Key' }] });
    expect(await (await stack.get('/v1/channels/user:ida/messages')).json()).toMatchObject({
      position: { offset: 1 },
    });
  });

  const good = { to: ['user:ann'], title: 'Hi' };
  test.each([
    ['no body at all', '', 400, undefined],
    ['what is not JSON', '{"to":', 400, undefined],
    ['an array', '[]', 400, 'body'],
    ['no targets', { title: 'Hi' }, 400, 'to'],
    ['an empty list of targets', { ...good, to: [] }, 400, 'to'],
    ['101 targets', { ...good, to: Array.from({ length: 101 }, (_, n) => `user:u${n}`) }, 400, 'to'],
    ['a target that is no channel', { ...good, to: ['user:ann', 'alice'] }, 400, 'to[1]'],
    ['a target of the wrong type', { ...good, to: [7] }, 400, 'to[0]'],
    ['targets nested deep', `{"title":"Hi","to":${nested(5_000)}}`, 400, 'to[0]'],
    ['no title', { to: ['user:ann'] }, 400, 'title'],
    ['an empty title', { ...good, title: '' }, 400, 'title'],
    ['a title of the wrong type', { ...good, title: { text: 'Hi' } }, 400, 'title'],
    ['a title of 257 characters', { ...good, title: 'x'.repeat(257) }, 400, 'title'],
    ['a body of 4,097 characters', { ...good, body: 'x'.repeat(4_097) }, 400, 'body'],
    ['an unknown priority', { ...good, priority: 'urgent' }, 400, 'priority'],
    ['a malformed category', { ...good, category: 'a b' }, 400, 'category'],
    ['an unknown field', { ...good, titel: 'Hi' }, 400, 'titel'],
    ['data nested too deep', `{"to":["user:ann"],"title":"Hi","data":${nested(33)}}`, 400, 'data'],
    ['data nested very deep', `{"to":["user:ann"],"title":"Hi","data":${nested(50_000)}}`, 400, 'data'],
    ['data over 96 KiB', { ...good, data: 'x'.repeat(98_304) }, 400, 'data'],
    ['data over 96 KiB only as UTF-8', { ...good, data: 'ü'.repeat(50_000) }, 400, 'data'],
    ['a malformed expiry', { ...good, expiresAt: 'tomorrow' }, 400, 'expiresAt'],
    ['an expiry in the past', { ...good, expiresAt: '2020-01-01T00:00:00Z' }, 400, 'expiresAt'],
    ['10 MB', { ...good, data: 'x'.repeat(10_000_000) }, 413, 'body'],
  ])('refuses %s and names the field, then answers the next request', async (_what, body, status, field) => {
    const response = await stack.post(NOTIFICATIONS, body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await response.json()) as {
      detail: string;
      requestId: string;
      errors?: { field: string }[];
    };
    expect(problem).toMatchObject({ status, requestId: response.headers.get('x-request-id') });
    expect(problem.detail.length).toBeGreaterThan(10);
    expect(problem.errors?.[0]?.field).toBe(field);
    expect((await stack.post(NOTIFICATIONS, good)).status).toBe(202);
  });

  test('takes the largest notification that it allows, and it can be read back', async () => {
    const largest = {
      to: ['user:big'],
      title: '"'.repeat(256),
      body: '\\'.repeat(4_096),
      data: 'x'.repeat(98_302),
    };
    expect((await stack.post(NOTIFICATIONS, largest)).status).toBe(202);
    const { messages } = (await (await stack.get('/v1/channels/user:big/messages')).json()) as {
      messages: { notification: { data: string } }[];
    };
    expect(messages[0]?.notification.data).toHaveLength(98_302);
  });

  test('refuses what is not JSON by its type', async () => {
    const response = await stack.post(NOTIFICATIONS, JSON.stringify(good), { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
  });

  test('refuses invalid UTF-8 in a name', async () => {
    const body = new Blob([
      Buffer.from('{"to":["user:'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"],"title":"Hi"}'),
    ]);
    const response = await stack.post(NOTIFICATIONS, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'to[0]' }] });
  });

  test('refuses a malformed Idempotency-Key', async () => {
    const response = await stack.post(NOTIFICATIONS, good, { 'idempotency-key': 'x'.repeat(129) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'idempotency-key' }] });
  });

  test.each([
    ['no token', { authorization: '' }, 401],
    ['another scheme', { authorization: 'Basic YTpi' }, 401],
    ['what is no token', { authorization: 'Bearer nonsense' }, 401],
  ])('answers %s with 401', async (_what, headers, status) => {
    const response = await stack.post(NOTIFICATIONS, good, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  });

  test("answers a user's token with 403 for others, and 202 for the user's own screens", async () => {
    const headers = { authorization: `Bearer ${await stack.token('ann', { allow: { '*': ['publish'] } })}` };
    const foreign = await stack.post(NOTIFICATIONS, { to: ['user:ann', 'user:bob'], title: 'Hi' }, headers);
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ errors: [{ field: 'to[1]' }] });
    expect((await stack.post(NOTIFICATIONS, good, headers)).status).toBe(202);
  });
});
