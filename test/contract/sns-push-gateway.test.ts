import { randomBytes, randomUUID } from 'node:crypto';
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  SetEndpointAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { SnsPushGateway } from '../../src/adapters/aws/push/sns-push-gateway.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import { SilentLogger } from '../support/fakes.ts';
import { localStack, ManualTimeRealWaits, whyNoLocalStack } from '../support/localstack.ts';
import { published } from '../support/sns-told.ts';
import { anAlert, pushGatewayContract } from './push-gateway.contract.ts';

const APPS = { apns: 'APNS', apns_sandbox: 'APNS_SANDBOX', fcm: 'GCM' } as const;
type Mobile = keyof typeof APPS;

/** A platform application of its own, and what a device does there. */
const openSns = async (platform: Mobile) => {
  const { endpoint, config } = localStack();
  const client = new SNSClient(config);
  const clock = new ManualTimeRealWaits();
  // For GCM, LocalStack wants a principal as well, which AWS does not.
  const { PlatformApplicationArn: application = '' } = await client.send(
    new CreatePlatformApplicationCommand({
      Name: randomUUID(),
      Platform: APPS[platform],
      Attributes: { PlatformCredential: 'credential', PlatformPrincipal: 'principal' },
    }),
  );
  const endpointOf = async ({ token, refreshedAt }: Device): Promise<string> => {
    const made = new CreatePlatformEndpointCommand({
      PlatformApplicationArn: application,
      Token: token,
      CustomUserData: `told ${refreshedAt}`,
    });
    return (await client.send(made)).EndpointArn ?? '';
  };
  return {
    port: new SnsPushGateway({
      client,
      clock,
      logger: new SilentLogger(),
      cache: new MemoryCache({ clock }),
      applications: { [platform]: application },
    }),
    clock,
    advance: (ms: number) => clock.advance(ms),
    aDevice: (): Device => ({
      id: deviceId(randomUUID()),
      user: userId('alice'),
      platform,
      token: platform === 'fcm' ? `i:${randomBytes(70).toString('hex')}` : randomBytes(32).toString('hex'),
      createdAt: clock.now(),
      refreshedAt: clock.now(),
    }),
    toldTo: async (device: Device) => published(endpoint, platform, await endpointOf(device)),
    uninstall: async (device: Device) => {
      const EndpointArn = await endpointOf(device);
      await client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Enabled: 'false' } }));
    },
    close: async () => client.destroy(),
  };
};

for (const platform of Object.keys(APPS) as Mobile[])
  pushGatewayContract({
    name: `SnsPushGateway (${platform})`,
    unavailable: whyNoLocalStack(),
    lacks: {
      trouble: 'an emulator has no trouble; what SNS says then is replayed in test/aws/sns-push.test.ts',
    },
    open: () => openSns(platform),
  });

test('a phone that was given up is told again once its app has told its token, under the same endpoint', async context => {
  const unavailable = whyNoLocalStack();
  if (unavailable !== undefined) context.skip(unavailable);
  const sns = await openSns('apns');
  const device = sns.aDevice();
  await sns.port.push(device, anAlert(sns));
  await sns.uninstall(device);
  const again = { ...device, refreshedAt: device.refreshedAt + 1 };
  expect(await sns.port.push(again, anAlert(sns))).toMatchObject({ status: 'delivered' });
  expect(await sns.toldTo(again)).toHaveLength(2);
  await sns.close();
});
