import { randomUUID } from 'node:crypto';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { PushServiceClient } from '../../src/adapters/web-push/push-service-client.ts';
import { makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';
import { WebPushGateway } from '../../src/adapters/web-push/web-push-gateway.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import { SilentLogger } from '../support/fakes.ts';
import { aPushService } from '../support/push-service.ts';
import type { Told } from './push-gateway.contract.ts';
import { pushGatewayContract } from './push-gateway.contract.ts';

pushGatewayContract({
  name: 'WebPushGateway',
  open: async () => {
    const vapid = { subject: 'mailto:push@example.com', ...makeVapidKeys() };
    const service = await aPushService(vapid.publicKey);
    const clock = new ManualClock();
    const client = new PushServiceClient({ allowPrivate: true, ca: service.certificate });
    const browsers = new Map<string, ReturnType<typeof service.subscribe>>();
    const of = ({ token }: Device) => {
      const browser = browsers.get(token);
      if (browser === undefined) throw new Error('another test has this device');
      return browser;
    };
    return {
      port: new WebPushGateway({ client, clock, logger: new SilentLogger(), vapid, hosts: [service.host] }),
      clock,
      advance: ms => clock.advance(ms),
      aDevice: () => {
        const browser = service.subscribe();
        browsers.set(browser.token, browser);
        const ids = { id: deviceId(randomUUID()), user: userId('alice') };
        return { ...ids, platform: 'webpush', token: browser.token, createdAt: 0, refreshedAt: 0 };
      },
      toldTo: async device => of(device).delivered.map(({ text }) => JSON.parse(text) as Told),
      uninstall: async device => of(device).answer({ status: 410 }),
      trouble: async (device, isBusy) => of(device).answer(isBusy ? { status: 503 } : undefined),
      close: async () => {
        client.close();
        await service.close();
      },
    };
  },
});
