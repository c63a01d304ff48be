import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FanfareSocket } from '../support/fanfare-socket.ts';
import { phonesOver } from '../support/http-phones.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

interface Entry {
  readonly kind: string;
  readonly user?: string;
  readonly at: string;
}

let stack: LocalStack;
let laptop: FanfareSocket;
beforeAll(async () => {
  const categories = JSON.stringify({ quick: { pushAfterSeconds: 1 }, health: { private: true } });
  // Whoever waits asks often.
  const many = { FANFARE_REQUESTS_PER_SECOND: '100000', FANFARE_REQUESTS_BURST: '100000' };
  stack = await aLocalStack({ FANFARE_CATEGORIES: categories, ...many });
  laptop = await stack.connect('alice');
});
afterAll(() => stack.close());

const send = async (to: readonly string[], title = 'Shipped', category = 'orders'): Promise<string> => {
  const receipt = await stack.post('/v1/notifications', { to, title, category });
  return ((await receipt.json()) as { id: string }).id;
};

const ask = async (path: string, user?: string) => {
  const response = await (user === undefined ? stack.get(path) : stack.get(path, await stack.token(user)));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const entriesOf = async (path: string, user?: string): Promise<readonly Entry[]> =>
  ((await ask(path, user)).body.entries ?? []) as readonly Entry[];

/** Once the delivery has been told of as well. */
const posted = (id: string, user = 'alice'): Promise<void> =>
  until(async () =>
    (await entriesOf(`/v1/notifications/${id}?user=${user}`)).some(({ kind }) => kind === 'posted'),
  );

describe('GET /v1/notifications/{id}', () => {
  test('tells what became of a notification', async () => {
    const id = await send(['user:alice', 'user:bob']);
    await posted(id);
    const messageIds = [`${id}.user:alice`];
    await laptop.request({ action: 'ack', messageIds });
    await laptop.request({ action: 'mark', as: 'read', messageIds });
    const { status, body } = await ask(`/v1/notifications/${id}`, 'alice');
    expect(status).toBe(200);
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    const told = { at, user: 'alice' };
    expect(body).toEqual({
      id,
      entries: [
        {
          ...told,
          kind: 'received',
          from: 'shop',
          channel: 'user:alice',
          priority: 'normal',
          category: 'orders',
          title: 'Shipped',
        },
        { ...told, kind: 'push-decided', decision: 'drop', rule: 'no-device', devices: 0 },
        {
          ...told,
          kind: 'posted',
          job: `${id}.user:alice/inline`,
          attempt: 0,
          delivered: 1,
          gone: 0,
          throttled: 0,
          failed: 0,
          connectionIds: [expect.any(String)],
        },
        { ...told, kind: 'shown' },
        { ...told, kind: 'read' },
      ],
    });
  });

  test('tells of phones as well: nobody looked, and it was read on the laptop later', async () => {
    const phones = phonesOver(stack);
    await phones.own('gil');
    const screen = await stack.connect('gil');
    const id = await send(['user:gil'], 'Shipped', 'quick');
    await until(async () => (await phones.shown('gil')).length === 1);
    await screen.request({ action: 'mark', as: 'read', messageIds: [`${id}.user:gil`] });
    await until(async () => (await phones.shown('gil')).length === 0);
    const kindsOf = async (): Promise<readonly string[]> =>
      (await entriesOf(`/v1/notifications/${id}`, 'gil')).map(({ kind }) => kind);
    await until(async () => (await kindsOf()).length === 7);
    expect(await kindsOf()).toEqual([
      'received',
      'push-planned',
      'posted',
      'push-decided',
      'device',
      'read',
      'device',
    ]);
  });

  test('keeps no title of what is private', async () => {
    const id = await send(['user:alice'], 'Your results', 'health');
    expect(JSON.stringify(await ask(`/v1/notifications/${id}`))).not.toContain('Your results');
    expect(JSON.stringify(await ask('/v1/users/alice/notifications'))).not.toContain('Your results');
  });

  test('comes page by page', async () => {
    const id = await send(['user:alice', 'user:bob']);
    await posted(id);
    await posted(id, 'bob');
    const all = await entriesOf(`/v1/notifications/${id}`);
    expect(all).toHaveLength(6);
    const first = await ask(`/v1/notifications/${id}?limit=4`);
    expect(first.body.entries).toEqual(all.slice(0, 4));
    const second = await ask(`/v1/notifications/${id}?limit=4&cursor=${first.body.next}`);
    expect(second.body).toEqual({ id, entries: all.slice(4) });
  });

  test('answers a stranger as it answers for what is unknown', async () => {
    const id = await send(['user:alice']);
    const problem = (of: string) => ({
      status: 404,
      body: expect.objectContaining({ code: 'not-found', detail: `there is no notification ${of}` }),
    });
    expect(await ask(`/v1/notifications/${id}`, 'mallory')).toEqual(problem(id));
    expect(await ask(`/v1/notifications/${id}?user=alice`, 'mallory')).toEqual(problem(id));
    expect(await ask('/v1/notifications/ntf_unknown', 'mallory')).toEqual(problem('ntf_unknown'));
    expect(await ask('/v1/notifications/ntf_unknown')).toEqual(problem('ntf_unknown'));
  });

  test.each([
    ['user=not%20a%20name', 'user'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['cursor=x', 'cursor'],
    [`cursor=${'1'.repeat(65)}`, 'cursor'],
  ])('refuses %s by name', async (query, field) => {
    const { status, body } = await ask(`/v1/notifications/ntf_x?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid', errors: [{ field }] });
  });

  test('has nothing to say to who brings no token', async () => {
    expect((await fetch(`${stack.url}/v1/notifications/ntf_x`)).status).toBe(401);
  });
});

describe('GET /v1/users/{id}/notifications', () => {
  test('lists the newest first, page by page, each with the last that happened', async () => {
    const ids: string[] = [];
    for (const title of ['one', 'two', 'three']) {
      ids.unshift(await send(['user:carol'], title));
      await posted(ids[0] ?? '', 'carol');
    }
    const first = await ask('/v1/users/carol/notifications?limit=2', 'carol');
    expect(first.body).toMatchObject({
      notifications: [
        { id: ids[0], title: 'three', category: 'orders', last: { kind: 'posted', delivered: 0 } },
        { id: ids[1], title: 'two' },
      ],
      next: expect.any(String),
    });
    const second = await ask(`/v1/users/carol/notifications?cursor=${first.body.next}`);
    expect(second.body).toMatchObject({ notifications: [{ id: ids[2], title: 'one' }] });
    expect(second.body).not.toHaveProperty('next');
  });

  test("is the user's own, and an admin's", async () => {
    expect((await ask('/v1/users/carol/notifications', 'mallory')).status).toBe(403);
    expect((await ask('/v1/users/nobody/notifications')).body).toEqual({ notifications: [] });
  });
});
