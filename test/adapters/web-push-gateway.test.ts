import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { PushServiceClient } from '../../src/adapters/web-push/push-service-client.ts';
import { KNOWN_PUSH_SERVICES } from '../../src/adapters/web-push/push-service-hosts.ts';
import { makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';
import type { WebPushGatewayOptions } from '../../src/adapters/web-push/web-push-gateway.ts';
import { MAX_WEB_PUSH_BYTES, WebPushGateway } from '../../src/adapters/web-push/web-push-gateway.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import { anAlert } from '../contract/push-gateway.contract.ts';
import { RecordingLogger } from '../support/fakes.ts';
import type { Answer } from '../support/push-service.ts';
import { aPushService } from '../support/push-service.ts';

const vapid = { subject: 'mailto:push@example.com', ...makeVapidKeys() };
const clock = new ManualClock();
let service: Awaited<ReturnType<typeof aPushService>>;
const clients: PushServiceClient[] = [];

beforeAll(async () => {
  service = await aPushService(vapid.publicKey);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await service.close();
});

const aClient = (options: ConstructorParameters<typeof PushServiceClient>[0]): PushServiceClient => {
  const client = new PushServiceClient(options);
  clients.push(client);
  return client;
};

const aGateway = (set: Partial<WebPushGatewayOptions> = {}) => {
  const logger = new RecordingLogger();
  const client = set.client ?? aClient({ allowPrivate: true, ca: service.certificate });
  const gateway = new WebPushGateway({ clock, logger, vapid, hosts: [service.host], ...set, client });
  return { gateway, logger };
};

const aDevice = (token: string): Device => ({
  id: deviceId('d1'),
  user: userId('alice'),
  platform: 'webpush',
  token,
  createdAt: 0,
  refreshedAt: 0,
});

/** One that subscribed somewhere else with the keys of a browser that is. */
const subscribedAt = (endpoint: string): Device => {
  const { keys } = JSON.parse(service.subscribe().token) as { keys: object };
  return aDevice(JSON.stringify({ endpoint, keys }));
};

describe('A push', () => {
  test('tells the service who pushes, how urgent it is, how long to keep it, and what it replaces', async () => {
    const { gateway } = aGateway();
    const browser = service.subscribe();
    const push = anAlert({ clock }, { priority: 'high' }, { expiresAt: clock.now() + 90_500 });
    await gateway.push(aDevice(browser.token), push);
    await gateway.push(aDevice(browser.token), { kind: 'withdraw', collapseIds: ['n1'], badge: 0 });
    const [alert, withdrawal] = browser.delivered;
    expect(alert?.headers).toMatchObject({ ttl: '90', urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(alert?.headers.topic).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(withdrawal?.headers.topic).toBe(alert?.headers.topic);
    expect(alert?.claims).toMatchObject({ sub: vapid.subject, aud: service.origin });
    const exp = Number(alert?.claims.exp) - Date.now() / 1_000;
    expect(exp).toBeGreaterThan(0);
    expect(exp).toBeLessThan(86_400);
  });

  test('takes as much room whatever it says, and never more than a service takes', async () => {
    const { gateway } = aGateway();
    const browser = service.subscribe();
    for (const body of ['', 'x', 'ä"'.repeat(5_000)])
      await gateway.push(aDevice(browser.token), anAlert({ clock }, { body }));
    expect(browser.delivered.map(({ bytes }) => bytes)).toEqual([4_096, 4_096, 4_096]);
    expect(Buffer.byteLength(browser.delivered[2]?.text ?? '')).toBeGreaterThan(MAX_WEB_PUSH_BYTES - 8);
  });

  test('is refused, with its size, when not even the title fits', async () => {
    const { gateway } = aGateway();
    const outcome = await gateway.push(
      aDevice(service.subscribe().token),
      anAlert({ clock }, { title: 'x'.repeat(5_000) }),
    );
    expect(outcome).toMatchObject({
      status: 'refused',
      cause: expect.stringMatching(/^it takes 5\d{3} bytes/),
    });
  });

  test('that takes back several at once replaces none that waits', async () => {
    const { gateway } = aGateway();
    const browser = service.subscribe();
    await gateway.push(aDevice(browser.token), { kind: 'withdraw', collapseIds: ['n1', 'n2'], badge: 0 });
    expect(browser.delivered[0]?.headers).not.toHaveProperty('topic');
  });
});

describe('What a service answers', () => {
  const inAMinute = new Date(clock.now() + 60_000).toUTCString();
  test.each<[Answer, object]>([
    [{ status: 404 }, { status: 'dead' }],
    [
      { status: 410, body: 'unsubscribed' },
      { status: 'dead', reason: expect.stringMatching(/ 410: unsubscribed$/) },
    ],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 'failed', retryAfterMs: 7_000 },
    ],
    [
      { status: 503, headers: { 'retry-after': inAMinute } },
      { status: 'failed', retryAfterMs: 60_000 },
    ],
    [
      { status: 503, headers: { 'retry-after': '9'.repeat(12) } },
      { status: 'failed', retryAfterMs: 86_400_000 },
    ],
    [{ status: 500, headers: { 'retry-after': 'soon' } }, { status: 'failed' }],
    [{ status: 413 }, { status: 'refused' }],
    [{ status: 400 }, { status: 'refused' }],
    [
      { status: 403, body: 'VAPID \u0000 mismatch' },
      { status: 'refused', cause: expect.stringMatching(/VAPID mismatch$/) },
    ],
  ])('is told as what it means: %j', async (answer, outcome) => {
    const { gateway, logger } = aGateway();
    const browser = service.subscribe();
    browser.answer(answer);
    expect(await gateway.push(aDevice(browser.token), anAlert({ clock }))).toMatchObject(outcome);
    expect(logger.of('push.refused')).toHaveLength([400, 403].includes(answer.status) ? 1 : 0);
  });

  test('is not followed elsewhere', async () => {
    const { gateway } = aGateway();
    const [browser, other] = [service.subscribe(), service.subscribe()];
    const { endpoint } = JSON.parse(other.token) as { endpoint: string };
    browser.answer({ status: 307, headers: { location: endpoint } });
    expect(await gateway.push(aDevice(browser.token), anAlert({ clock }))).toMatchObject({
      status: 'refused',
    });
    expect(other.delivered).toEqual([]);
  });

  test('is read as far as a log needs it', async () => {
    const { gateway } = aGateway();
    const browser = service.subscribe();
    browser.answer({ status: 500, body: 'x'.repeat(5_000_000) });
    const outcome = await gateway.push(aDevice(browser.token), anAlert({ clock }));
    expect(outcome.status === 'failed' ? outcome.cause.length : 0).toBeLessThan(400);
  });
});

describe('A subscription', () => {
  const gatewayTo = (host: string) =>
    aGateway({ client: aClient({ ca: service.certificate }), hosts: [host] });

  test.each(['localhost', '127.0.0.1', '[::1]', '10.0.0.1', '169.254.169.254', '[::ffff:127.0.0.1]'])(
    'at an address that is not public is not posted to: %s',
    async name => {
      const host = `${name}:${new URL(service.origin).port}`;
      const { endpoint } = JSON.parse(service.subscribe().token) as { endpoint: string };
      const device = subscribedAt(endpoint.replace(service.host, host));
      const before = service.requests.length;
      const { gateway } = gatewayTo(new URL(`https://${host}`).host);
      const outcome = await gateway.push(device, anAlert({ clock }));
      expect(outcome).toMatchObject({
        status: 'refused',
        cause: expect.stringMatching(/has no public address$/),
      });
      expect(service.requests).toHaveLength(before);
    },
  );

  test('at a host that is none of the push services is not posted to', async () => {
    const { gateway } = aGateway({ hosts: KNOWN_PUSH_SERVICES });
    const outcome = await gateway.push(aDevice(service.subscribe().token), anAlert({ clock }));
    expect(outcome).toEqual({
      status: 'refused',
      cause: `${service.host} is none of the push services that are allowed`,
    });
  });

  test('at a service that cannot be found, or whose certificate is not trusted, may work later', async () => {
    const lost = await gatewayTo('nowhere.invalid').gateway.push(
      subscribedAt('https://nowhere.invalid/push'),
      anAlert({ clock }),
    );
    const { gateway } = aGateway({ client: aClient({ allowPrivate: true }) });
    const untrusted = await gateway.push(aDevice(service.subscribe().token), anAlert({ clock }));
    expect(lost).toMatchObject({ status: 'failed' });
    expect(untrusted).toMatchObject({
      status: 'failed',
      cause: expect.stringMatching(/self-signed certificate/),
    });
  });

  test('whose keys are no point of the curve is dead', async () => {
    const { endpoint } = JSON.parse(service.subscribe().token) as { endpoint: string };
    const keys = { p256dh: `B${'_'.repeat(86)}`, auth: 'A'.repeat(22) };
    const { gateway } = aGateway();
    const outcome = await gateway.push(aDevice(JSON.stringify({ endpoint, keys })), anAlert({ clock }));
    expect(outcome).toMatchObject({ status: 'dead' });
    expect(await gateway.push(aDevice('{'), anAlert({ clock }))).toMatchObject({ status: 'dead' });
  });
});
