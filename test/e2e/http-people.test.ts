import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack({ FANFARE_CORS_ORIGINS: '*' });
});
afterAll(() => stack.close());

const call = (...asked: Parameters<LocalStack['ask']>) => stack.ask(...asked);

/** The fields that a refusal names. */
const refusedFields = async (response: Response): Promise<readonly string[]> => {
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: readonly { readonly field: string }[] };
  return errors.map(({ field }) => field);
};

describe('Users', () => {
  test('say who they are, and an admin reads it', async () => {
    expect((await call('GET', '/v1/users/alice', { as: 'alice' })).status).toBe(404);
    const profile = { timeZone: 'Europe/Berlin', locale: 'de-AT', name: 'Alice' };
    const saved = await call('PUT', '/v1/users/alice', { as: 'alice', body: profile });
    expect(saved.status).toBe(200);
    const user = await saved.json();
    expect(user).toEqual({
      id: 'alice',
      ...profile,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(await (await call('GET', '/v1/users/alice')).json()).toEqual(user);
    const since = await (await call('PUT', '/v1/users/alice', { body: { name: 'A.' } })).json();
    expect(since).not.toHaveProperty('timeZone');
  });

  test('are listed by pages, for admins alone', async () => {
    for (const id of ['list-1', 'list-2', 'list-3']) await call('PUT', `/v1/users/${id}`, { body: {} });
    const idsOf = async (query: string) => {
      const page = (await (await call('GET', `/v1/users?${query}`)).json()) as {
        users: readonly { readonly id: string }[];
        next?: string;
      };
      return { ids: page.users.map(({ id }) => id), next: page.next };
    };
    expect(await idsOf('after=list-&limit=2')).toEqual({ ids: ['list-1', 'list-2'], next: 'list-2' });
    expect(await idsOf('after=list-2&limit=1')).toEqual({ ids: ['list-3'], next: undefined });
    expect((await call('GET', '/v1/users', { as: 'alice' })).status).toBe(403);
  });

  test.each([
    ['timeZone', { timeZone: 'Europe/Atlantis' }],
    ['timeZone', { timeZone: '+01:00' }],
    ['locale', { locale: 'not a locale' }],
    ['name', { name: '' }],
    ['email', { email: 'alice@example.com' }],
  ])('are refused for a bad %s', async (field, body) => {
    expect(await refusedFields(await call('PUT', '/v1/users/bob', { body }))).toEqual([field]);
    expect((await call('GET', '/v1/users/bob')).status).toBe(404);
  });

  test.each([
    ['GET', '/v1/users/alice', undefined],
    ['PUT', '/v1/users/alice', {}],
    ['GET', '/v1/users/alice/preferences', undefined],
    ['PUT', '/v1/users/alice/preferences', {}],
  ])("are nobody else's: %s %s", async (method, path, body) => {
    expect((await call(method, path, { as: 'mallory', body })).status).toBe(403);
    expect((await fetch(stack.url + path, { method })).status).toBe(401);
  });
});

const WISHES = {
  quietHours: { start: '22:00', end: '07:00', timeZone: 'Europe/Berlin', urgentPasses: true },
  muteUntil: '2030-01-01T00:00:00.000Z',
  categories: {
    orders: { screen: false, digest: { every: 'week', on: 'monday', at: '09:00' }, cap: null },
    news: { push: false, digest: null, cap: { max: 3, windowSeconds: 3_600, over: 'digest' } },
  },
};

describe('Preferences', () => {
  const path = (user: string): string => `/v1/users/${user}/preferences`;

  test('are what was said last, and none of someone who never said', async () => {
    const none = await call('GET', path('carol'), { as: 'carol' });
    expect(await none.json()).toEqual({ categories: {} });
    expect(none.headers.get('etag')).toBe('"0"');
    const saved = await call('PUT', path('carol'), { as: 'carol', body: WISHES });
    expect(await saved.json()).toEqual(WISHES);
    const found = await call('GET', path('carol'), { as: 'carol' });
    expect(await found.json()).toEqual(WISHES);
    expect(found.headers.get('etag')).toBe(saved.headers.get('etag'));
  });

  test('are not sent again to who has them', async () => {
    const { headers } = await call('PUT', path('dave'), { body: {} });
    const tag = headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const response = await call('GET', path('dave'), { headers: { 'if-none-match': known } });
      expect([known, response.status, await response.text()]).toEqual([known, 304, '']);
      expect(response.headers.get('etag')).toBe(tag);
    }
    expect((await call('GET', path('dave'), { headers: { 'if-none-match': '"99"' } })).status).toBe(200);
  });

  test('are saved over what was read, and not over what has changed since', async () => {
    const put = async (tag: string | undefined, muteUntil?: string): Promise<number> => {
      const headers: Record<string, string> = tag === undefined ? {} : { 'if-match': tag };
      return (await call('PUT', path('erin'), { headers, body: { muteUntil } })).status;
    };
    expect(await put('"0"', '2031-01-01T00:00:00Z')).toBe(200);
    expect(await put('"0"')).toBe(412);
    expect(await put('W/"1"')).toBe(412);
    expect(await put('"another"')).toBe(412);
    expect(await (await call('GET', path('erin'))).json()).toMatchObject({
      muteUntil: '2031-01-01T00:00:00.000Z',
    });
    expect(await put('"7", "1"')).toBe(200);
    expect(await put('*')).toBe(200);
    expect(await put(undefined)).toBe(200);
    const changed = await call('PUT', path('erin'), { headers: { 'if-match': '"1"' }, body: {} });
    expect(changed.headers.get('content-type')).toBe('application/problem+json');
    expect(await changed.json()).toMatchObject({
      title: 'Precondition Failed',
      status: 412,
      errors: [{ field: 'If-Match' }],
    });
    const odd = await call('PUT', path('erin'), { headers: { 'if-match': '4' }, body: {} });
    expect(await refusedFields(odd)).toEqual(['If-Match']);
  });

  test('of many who read the same, one is saved', async () => {
    const [headers, body] = [{ 'if-match': '"0"' }, {}];
    const all = await Promise.all(
      Array.from({ length: 8 }, () => call('PUT', path('frank'), { headers, body })),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
  });

  test('are read by pages of other origins with their tag', async () => {
    const response = await call('GET', path('carol'), { headers: { origin: 'https://app.example.com' } });
    expect(response.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
  });

  const tooMany = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`c${index}`, {}]));
  const hours = { start: '22:00', end: '07:00' };
  test.each([
    ['quietHours.timeZone', { quietHours: { ...hours, timeZone: 'Mars/Olympus' } }],
    ['quietHours.start', { quietHours: { ...hours, start: '7:00' } }],
    ['quietHours.end', { quietHours: { ...hours, end: '24:00' } }],
    ['quietHours.end', { quietHours: { start: '07:00', end: '07:00' } }],
    ['muteUntil', { muteUntil: 'tomorrow' }],
    ['categories', { categories: tooMany }],
    ['categories.or/ders', { categories: { 'or/ders': {} } }],
    ['categories.orders.push', { categories: { orders: { push: 'yes' } } }],
    ['categories.orders.sound', { categories: { orders: { sound: true } } }],
    ['categories.orders.digest.every', { categories: { orders: { digest: { every: 'year' } } } }],
    [
      'categories.orders.digest.on',
      { categories: { orders: { digest: { every: 'week', on: 'x', at: '09:00' } } } },
    ],
    ['categories.orders.cap.max', { categories: { orders: { cap: { max: 0, windowSeconds: 60 } } } }],
    [
      'categories.orders.cap.windowSeconds',
      { categories: { orders: { cap: { max: 1, windowSeconds: 59 } } } },
    ],
    [
      'categories.orders.cap.over',
      { categories: { orders: { cap: { max: 1, windowSeconds: 60, over: 'x' } } } },
    ],
  ])('are refused for a bad %s', async (field, body) => {
    expect(await refusedFields(await call('PUT', path('grace'), { body }))).toEqual([field]);
    expect((await call('GET', path('grace'))).headers.get('etag')).toBe('"0"');
  });
});
