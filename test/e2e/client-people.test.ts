import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Devices, FanfareError, Preferences } from '../../src/client/index.ts';
import { aFirebaseToken, phonesOver } from '../support/http-phones.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await aLocalStack();
});
afterAll(() => stack.close());

const of = (user: string) => ({ url: stack.url, getToken: () => stack.token(user) });

describe("The client's devices", () => {
  test('are registered, refreshed, listed and removed', async () => {
    const devices = new Devices(of('ann'));
    const device = await devices.register({
      platform: 'fcm',
      token: aFirebaseToken('phone'),
      label: 'phone',
    });
    expect(await devices.list()).toEqual([device]);
    const refreshed = await devices.refresh(device.id, { token: aFirebaseToken('new'), label: 'new' });
    expect(refreshed).toMatchObject({ id: device.id, label: 'new' });
    await devices.remove(device.id);
    expect(await devices.list()).toEqual([]);
  });

  test('can be this browser, by its subscription', async () => {
    const asked: object[] = [];
    const subscription = {
      endpoint: 'https://fcm.googleapis.com/fcm/send/abc',
      keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
    };
    const pushManager = {
      subscribe: async (options: object) => {
        asked.push(options);
        return { toJSON: () => ({ ...subscription, expirationTime: null }) };
      },
    };
    const device = await new Devices(of('ben')).registerBrowser({ pushManager }, 'the key', {
      label: 'laptop',
    });
    expect(device).toMatchObject({ platform: 'webpush', label: 'laptop' });
    expect(asked).toEqual([{ userVisibleOnly: true, applicationServerKey: 'the key' }]);
  });

  test("are another's for an admin who says so, and for nobody else", async () => {
    const id = await phonesOver(stack).own('carl');
    const getToken = () => stack.token('root', { admin: true });
    const devices = new Devices({ url: stack.url, getToken, user: 'carl' });
    expect((await devices.list()).map(device => device.id)).toEqual([id]);
    const refused = new Devices({ ...of('mallory'), user: 'carl' }).list();
    await expect(refused).rejects.toMatchObject({ code: 'forbidden', retryable: false });
  });

  test('that are refused say which field is at fault', async () => {
    const refused = new Devices(of('dora')).register({ platform: 'fcm', token: 'short' });
    await expect(refused).rejects.toBeInstanceOf(FanfareError);
    await expect(refused).rejects.toMatchObject({ code: 'invalid', field: 'token' });
  });

  test('of a server that is away say that it did not answer, and of a call that was given up why', async () => {
    const away = { url: 'http://127.0.0.1:9', getToken: () => 'token', user: 'eve' };
    await expect(new Devices(away).list()).rejects.toMatchObject({ code: 'disconnected', retryable: true });
    const reason = new Error('given up');
    await expect(new Devices(of('eve')).list(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("The client's preferences", () => {
  test('are read, saved over what was read, and never over what came since', async () => {
    const preferences = new Preferences(of('ann'));
    const before = await preferences.read();
    expect(before.preferences).toEqual({ categories: {} });
    const wish = { categories: { news: { push: false } } };
    const saved = await preferences.save(wish, { ifVersion: before.version });
    expect(saved.preferences).toEqual(wish);
    expect(await preferences.read()).toEqual(saved);
    const stale = preferences.save({}, { ifVersion: before.version });
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });
    expect((await preferences.save({})).preferences).toEqual({ categories: {} });
  });
});
