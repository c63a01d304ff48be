import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

/** As Apple makes them, one for each name. */
const aToken = (name: string): string => Buffer.from(name.padEnd(32, '.')).toString('hex');

const call = (method: string, path: string, user: string, body?: object): Promise<Response> =>
  stack.call(user, method, path, body);

const register = (user: string, token: string, label?: string): Promise<Response> =>
  call('POST', `/v1/users/${user}/devices`, user, { platform: 'apns', token: aToken(token), label });

const idOf = async (response: Response): Promise<string> => ((await response.json()) as { id: string }).id;

const devicesOf = async (
  user: string,
): Promise<readonly { readonly id: string; readonly label?: string }[]> =>
  ((await (await call('GET', `/v1/users/${user}/devices`, user)).json()) as { devices: { id: string }[] })
    .devices;

describe("A user's devices", () => {
  test('are registered, found, refreshed and removed, and never tell their token', async () => {
    const made = await register('ann', 'phone', "Ann's phone");
    expect(made.status).toBe(201);
    const path = made.headers.get('location') ?? '';
    const device = await made.json();
    expect(device).toEqual({
      id: expect.stringMatching(/^dev_/),
      platform: 'apns',
      label: "Ann's phone",
      createdAt: expect.any(String),
      refreshedAt: expect.any(String),
    });
    expect(await (await call('GET', path, 'ann')).json()).toEqual(device);
    const refreshed = await call('PUT', path, 'ann', { token: aToken('new') });
    expect(await refreshed.json()).toMatchObject({ id: (device as { id: string }).id, label: "Ann's phone" });
    expect((await call('DELETE', path, 'ann')).status).toBe(204);
    expect((await call('DELETE', path, 'ann')).status).toBe(404);
    expect(await devicesOf('ann')).toEqual([]);
  });

  test('are registered once, however often the app says so', async () => {
    const first = await register('ben', 'phone');
    const again = await register('ben', 'phone', 'now with a name');
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(await idOf(again)).toBe(await idOf(first));
    expect(await devicesOf('ben')).toMatchObject([{ label: 'now with a name' }]);
  });

  test('leave who signed in before', async () => {
    await register('carl', 'shared tablet');
    expect((await register('dora', 'shared tablet')).status).toBe(201);
    expect(await devicesOf('carl')).toEqual([]);
    expect(await devicesOf('dora')).toHaveLength(1);
  });

  test('are 20 at the most, and removing one makes room', async () => {
    for (let count = 0; count < 20; count++) await register('eve', `phone ${count}`);
    const refused = await register('eve', 'one too many');
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      code: 'limit-exceeded',
      detail: 'a user can have 20 devices: remove one first',
    });
    const [first] = await devicesOf('eve');
    await call('DELETE', `/v1/users/eve/devices/${first?.id}`, 'eve');
    expect((await register('eve', 'one too many')).status).toBe(201);
  });

  test("are nobody else's to see or change", async () => {
    const id = await idOf(await register('fay', 'phone'));
    const body = { platform: 'apns', token: aToken('of mallory') };
    const path = `/v1/users/fay/devices/${id}`;
    for (const [method, at, sent] of [
      ['GET', '/v1/users/fay/devices', undefined],
      ['GET', path, undefined],
      ['POST', '/v1/users/fay/devices', body],
      ['PUT', path, { token: body.token }],
      ['DELETE', path, undefined],
    ] as const)
      expect((await call(method, at, 'mallory', sent)).status).toBe(403);
    // By its id alone it is not found among one's own.
    expect((await call('DELETE', `/v1/users/mallory/devices/${id}`, 'mallory')).status).toBe(404);
    expect(await devicesOf('fay')).toHaveLength(1);
  });

  test.each([
    [{ platform: 'pager', token: 'x' }, 'platform'],
    [{ platform: 'apns' }, 'token'],
    [{ platform: 'apns', token: '' }, 'token'],
    [{ platform: 'fcm', token: aToken('of Apple') }, 'token'],
    [{ platform: 'apns', token: aToken('x'), label: '' }, 'label'],
    [{ platform: 'apns', token: aToken('x'), lable: 'x' }, 'lable'],
  ])('are not taken from %j', async (body, field) => {
    const response = await call('POST', '/v1/users/gil/devices', 'gil', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
    expect(await devicesOf('gil')).toEqual([]);
  });
});
