import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phonesOver } from '../support/http-phones.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

let stack: LocalStack;
let phones: ReturnType<typeof phonesOver>;
beforeAll(async () => {
  stack = await aLocalStack({
    FANFARE_REQUESTS_PER_SECOND: '100000',
    FANFARE_REQUESTS_BURST: '100000',
    FANFARE_CATEGORIES: JSON.stringify({ quick: { pushAfterSeconds: 1 } }),
  });
  phones = phonesOver(stack);
});
afterAll(() => stack.close());

/** @returns the id of the user's message, and when it was accepted, by the process's own clock */
const tell = async (user: string, title: string, set: object = {}) => {
  const response = await stack.post('/v1/notifications', { to: [`user:${user}`], title, ...set });
  const { channels } = (await response.json()) as { channels: [{ messageId: string }] };
  return { messageId: channels[0].messageId, at: performance.now() };
};

const whenShown = async (user: string, title: string): Promise<number> => {
  await until(async () => (await phones.shown(user)).includes(title), 15_000);
  return performance.now();
};

describe('A push in production', () => {
  test('to a platform without credentials is refused, and hides behind no virtual phone', async () => {
    const production = await aLocalStack({ NODE_ENV: 'production' });
    try {
      const others = phonesOver(production);
      await others.own('ann');
      const to = ['user:ann'];
      await production.post('/v1/notifications', { to, title: 'Shipped', priority: 'high' });
      const deadPushes = async () =>
        ((await (await production.get('/v1/dead-pushes')).json()) as { deadPushes: object[] }).deadPushes;
      await until(async () => (await deadPushes()).length === 1);
      expect(await deadPushes()).toMatchObject([{ cause: 'this deployment has no credentials for fcm' }]);
      expect((await others.call('ann', 'GET', '/phones')).status).toBe(404);
    } finally {
      await production.close();
    }
  });
});

describe('A push', () => {
  test('buzzes a phone five seconds after nobody looked', async () => {
    await phones.own('ann');
    const { at } = await tell('ann', 'Shipped');
    const waitedMs = (await whenShown('ann', 'Shipped')) - at;
    expect(waitedMs).toBeGreaterThanOrEqual(4_900);
    expect((await phones.look('ann'))[0]).toMatchObject({ buzzes: 1, badge: 1, state: 'on' });
  });

  test('stays away when a screen has shown it, and is taken back when it was read there', async () => {
    await phones.own('ben');
    const screen = await stack.connect('ben');
    const shown = await tell('ben', 'Seen', { category: 'quick' });
    await screen.request({ action: 'ack', messageIds: [shown.messageId] });
    const unseen = await tell('ben', 'Unseen', { category: 'quick' });
    await whenShown('ben', 'Unseen');
    expect(await phones.shown('ben')).toEqual(['Unseen']);
    await screen.request({ action: 'mark', as: 'read', messageIds: [unseen.messageId] });
    await until(async () => (await phones.shown('ben')).length === 0);
    expect((await phones.look('ben'))[0]).toMatchObject({ buzzes: 1, badge: 1 });
  });

  test('waits for a phone that cannot be reached, and prunes one whose app is gone', async () => {
    const id = await phones.own('dora');
    await phones.call('dora', 'PUT', `/phones/${id}`, { state: 'unreachable' });
    await tell('dora', 'Later', { priority: 'high' });
    await phones.call('dora', 'PUT', `/phones/${id}`, { state: 'on' });
    await whenShown('dora', 'Later');
    await phones.call('dora', 'PUT', `/phones/${id}`, { state: 'uninstalled' });
    await tell('dora', 'Never', { priority: 'high' });
    await until(async () => (await phones.look('dora')).length === 0);
  });

  test('that was given up is looked at and redriven by admins', async () => {
    const id = await phones.own('fay');
    await phones.call('fay', 'PUT', `/phones/${id}`, { state: 'unreachable' });
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    await tell('fay', 'Too late', { priority: 'high', expiresAt });
    const deadPushes = async () =>
      ((await (await stack.get('/v1/dead-pushes')).json()) as { deadPushes: object[] }).deadPushes;
    await until(async () => (await deadPushes()).length === 1);
    expect(await deadPushes()).toMatchObject([
      { user: 'fay', deviceId: id, cause: 'the virtual phone is unreachable' },
    ]);
    await until(() => Date.now() > Date.parse(expiresAt));
    expect(await (await stack.post('/v1/dead-pushes/redrive', {})).json()).toEqual({ redriven: 1 });
    // It has expired, and so it is given up again.
    await until(async () => (await deadPushes()).length === 1);
    expect(await deadPushes()).toMatchObject([{ user: 'fay', cause: 'it expired' }]);
    const authorization = `Bearer ${await stack.token('fay')}`;
    expect((await fetch(`${stack.url}/v1/dead-pushes`, { headers: { authorization } })).status).toBe(403);
  });

  test('is taken back when it was read over HTTP, alone or with everything', async () => {
    await phones.own('gil');
    const read = (user: string, path: string) => phones.call(user, 'POST', `/inbox${path}`);
    const { messageId } = await tell('gil', 'one', { priority: 'high' });
    for (const title of ['two', 'three']) await tell('gil', title, { priority: 'high' });
    await until(async () => (await phones.shown('gil')).length === 3);
    expect(await (await read('gil', `/${messageId}/read`)).json()).toEqual({ unread: 2 });
    await until(async () => (await phones.shown('gil')).length === 2);
    expect(await (await read('gil', '/read')).json()).toEqual({ unread: 0 });
    await until(async () => (await phones.shown('gil')).length === 0);
    expect((await read('gil', '/ntf_none.user:gil/read')).status).toBe(404);
    const authorization = `Bearer ${await stack.token('mallory')}`;
    const url = `${stack.url}/v1/users/gil/inbox/read`;
    expect((await fetch(url, { method: 'POST', headers: { authorization } })).status).toBe(403);
  });

  test("is nobody else's to look at", async () => {
    const id = await phones.own('eve');
    const authorization = `Bearer ${await stack.token('mallory')}`;
    const url = `${stack.url}/v1/users/eve/phones`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(403);
    const change = await fetch(`${url}/${id}`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"state":"uninstalled"}',
    });
    expect(change.status).toBe(403);
  });
});
