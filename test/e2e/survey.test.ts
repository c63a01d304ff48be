import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
  await stack.connect('alice');
  await stack.connect('bob');
});
afterAll(() => stack.close());

const ask = async (path: string) => (await stack.get(path)).json();

describe('Who runs the service', () => {
  test('is told who is connected, page by page', async () => {
    const first = await ask('/v1/connections?limit=1');
    expect(first).toMatchObject({ total: 2, connections: [{ admin: false, channels: 2 }] });
    const second = await ask(`/v1/connections?limit=1&cursor=${encodeURIComponent(first.next)}`);
    expect(second.next).toBeUndefined();
    const users = [...first.connections, ...second.connections].map(({ user }) => user);
    expect(users.sort()).toEqual(['alice', 'bob']);
    expect(await ask('/v1/connections?user=alice')).toMatchObject({
      total: 1,
      connections: [{ user: 'alice' }],
    });
  });

  test('is told what is followed', async () => {
    expect(await ask('/v1/channels')).toEqual({
      channels: [
        { channel: 'broadcast', followers: 2 },
        { channel: 'user:alice', followers: 1 },
        { channel: 'user:bob', followers: 1 },
      ],
      total: 3,
    });
    expect(await ask('/v1/channels?prefix=user:b')).toMatchObject({ total: 1 });
  });

  test.each(['/v1/connections', '/v1/channels'])('alone may ask for %s', async path => {
    const token = await stack.token('alice', { allow: { '*': ['subscribe', 'presence', 'history'] } });
    expect((await stack.get(path, token)).status).toBe(403);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['cursor=x', 'cursor'],
  ])('gets no page for %s, but what is wrong with it', async (query, field) => {
    const response = await stack.get(`/v1/connections?${query}`);
    expect([response.status, (await response.json()).errors[0].field]).toEqual([400, field]);
  });
});
