import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';
import { phonesOver } from '../support/http-phones.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { aPushService } from '../support/push-service.ts';
import { until } from '../support/until.ts';

const { publicKey, privateKey } = makeVapidKeys();
let service: Awaited<ReturnType<typeof aPushService>>;
let stack: LocalStack;
beforeAll(async () => {
  service = await aPushService(publicKey);
  stack = await aLocalStack({
    FANFARE_VAPID_SUBJECT: 'mailto:push@example.com',
    FANFARE_VAPID_PUBLIC_KEY: publicKey,
    FANFARE_VAPID_PRIVATE_KEY: privateKey,
    FANFARE_WEB_PUSH_HOSTS: `${service.host}, localhost:${new URL(service.origin).port}`,
  });
});
afterAll(async () => {
  await stack.close();
  await service.close();
});

test.each(['127.0.0.1', 'localhost'])(
  'a browser that says it is to be pushed to at %s gets nothing posted there, and the trail says why',
  async name => {
    const user = `mallory-at-${name}`;
    const token = service.subscribe().token.replace('127.0.0.1', name);
    const device = await stack.post(`/v1/users/${user}/devices`, { platform: 'webpush', token });
    expect(device.status).toBe(201);
    const notification = { to: [`user:${user}`], title: 'Hello', priority: 'high' };
    const { id } = (await (await stack.post('/v1/notifications', notification)).json()) as { id: string };
    const trail = async () => (await stack.get(`/v1/notifications/${id}?user=${user}`)).text();
    await until(async () => (await trail()).includes('has no public address'));
    expect(await trail()).toContain('refused');
    expect(service.requests).toEqual([]);
  },
);

test('a phone of the same server is a virtual one', async () => {
  const phones = phonesOver(stack);
  await phones.own('ann');
  await stack.post('/v1/notifications', { to: ['user:ann'], title: 'Shipped', priority: 'high' });
  await until(async () => (await phones.shown('ann')).includes('Shipped'));
});
