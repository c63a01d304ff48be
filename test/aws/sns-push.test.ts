import type { SNSClient } from '@aws-sdk/client-sns';
import {
  AuthorizationErrorException,
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  EndpointDisabledException,
  GetEndpointAttributesCommand,
  InternalErrorException,
  InvalidParameterException,
  NotFoundException,
  PlatformApplicationDisabledException,
  PublishCommand,
  SetEndpointAttributesCommand,
  ThrottledException,
} from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SnsPushGateway } from '../../src/adapters/aws/push/sns-push-gateway.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import { anAlert } from '../contract/push-gateway.contract.ts';
import { RecordingLogger } from '../support/fakes.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:endpoint/APNS/app/1';
const TOKEN = 'ab'.repeat(32);
const HOUR_MS = 3_600_000;
const shape = (message: string, status = 400) => ({ message, $metadata: { httpStatusCode: status } });

/** One endpoint, or none, as SNS keeps it; `fails` is thrown by the next call of a kind. */
class StubbedSns {
  readonly calls: string[] = [];
  readonly fails = new Map<string, Error>();
  published: { message: Record<string, string>; attributes: Record<string, string> }[] = [];
  endpoint: { Token: string; Enabled: string; CustomUserData: string } | undefined;

  readonly client = { send: (command: object) => this.#send(command) } as unknown as SNSClient;

  async #send(command: object): Promise<object> {
    const kind = command.constructor.name.replace(/Command$/, '');
    this.calls.push(kind);
    const error = this.fails.get(kind);
    if (error !== undefined) {
      this.fails.delete(kind);
      throw error;
    }
    if (command instanceof CreatePlatformEndpointCommand) return this.#create(command.input);
    if (this.endpoint === undefined) throw new NotFoundException(shape('Endpoint does not exist', 404));
    if (command instanceof GetEndpointAttributesCommand) return { Attributes: { ...this.endpoint } };
    if (command instanceof SetEndpointAttributesCommand)
      Object.assign(this.endpoint, command.input.Attributes);
    if (command instanceof DeleteEndpointCommand) this.endpoint = undefined;
    if (command instanceof PublishCommand) return this.#publish(command.input);
    return {};
  }

  #create({ Token = '', CustomUserData = '' }: CreatePlatformEndpointCommand['input']): object {
    const { endpoint } = this;
    if (
      endpoint !== undefined &&
      (endpoint.CustomUserData !== CustomUserData || endpoint.Enabled === 'false')
    ) {
      const words = `Invalid parameter: Token Reason: Endpoint ${ARN} already exists with the same Token, but different attributes.`;
      throw new InvalidParameterException(shape(words));
    }
    this.endpoint ??= { Token, CustomUserData, Enabled: 'true' };
    return { EndpointArn: ARN };
  }

  #publish({ Message = '', MessageAttributes = {} }: PublishCommand['input']): object {
    if (this.endpoint?.Enabled === 'false')
      throw new EndpointDisabledException(shape('Endpoint is disabled'));
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [
      name,
      StringValue,
    ]);
    this.published.push({ message: JSON.parse(Message), attributes: Object.fromEntries(attributes) });
    return { MessageId: 'sns-1' };
  }
}

const aGateway = () => {
  const [sns, clock, logger] = [new StubbedSns(), new ManualClock(), new RecordingLogger()];
  const applications = { apns: 'app/apns', apns_sandbox: 'app/sandbox', fcm: 'app/gcm' };
  const cache = new MemoryCache<string>({ clock });
  const gateway = new SnsPushGateway({ client: sns.client, clock, logger, cache, applications });
  const aDevice = (set: Partial<Device> = {}): Device => ({
    id: deviceId('d1'),
    user: userId('alice'),
    platform: 'apns',
    token: TOKEN,
    createdAt: 1,
    refreshedAt: 1,
    ...set,
  });
  return { sns, clock, logger, gateway, aDevice };
};

describe('An endpoint', () => {
  test('is made and looked at once, and then published to', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    for (let pushes = 0; pushes < 3; pushes++) {
      const outcome = await gateway.push(aDevice(), anAlert({ clock }));
      expect(outcome).toEqual({ status: 'delivered', providerId: 'sns-1' });
    }
    expect(sns.calls).toEqual([
      'CreatePlatformEndpoint',
      'GetEndpointAttributes',
      'Publish',
      'Publish',
      'Publish',
    ]);
  });

  test('that was disabled is enabled for an app that has told its token since', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    sns.endpoint = { Token: TOKEN, Enabled: 'false', CustomUserData: 'told 1' };
    const outcome = await gateway.push(aDevice({ refreshedAt: 2 }), anAlert({ clock }));
    expect(outcome).toMatchObject({ status: 'delivered' });
    expect(sns.endpoint).toEqual({ Token: TOKEN, Enabled: 'true', CustomUserData: 'told 2' });
  });

  test('that was disabled since the app told its token is dead, and deleted', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    sns.endpoint = { Token: TOKEN, Enabled: 'false', CustomUserData: 'told 1' };
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'dead' });
    expect([sns.endpoint, sns.published]).toEqual([undefined, []]);
  });

  test('that is found to be disabled as it is published to is dead, also where it cannot be deleted', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    await gateway.push(aDevice(), anAlert({ clock }));
    if (sns.endpoint !== undefined) sns.endpoint.Enabled = 'false';
    sns.fails.set('DeleteEndpoint', new InternalErrorException(shape('try again', 500)));
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'dead' });
    expect(sns.calls.at(-1)).toBe('DeleteEndpoint');
  });

  test('that holds another token gets the one that the app has', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    sns.endpoint = { Token: 'cd'.repeat(32), Enabled: 'true', CustomUserData: 'told 0' };
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'delivered' });
    expect(sns.endpoint).toEqual({ Token: TOKEN, Enabled: 'true', CustomUserData: 'told 1' });
  });

  test('that somebody deleted is made again', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    await gateway.push(aDevice(), anAlert({ clock }));
    sns.endpoint = undefined;
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'delivered' });
    expect(sns.published).toHaveLength(2);
  });
});

describe('What SNS says', () => {
  test.each([
    [
      'Publish',
      new ThrottledException(shape('Rate exceeded', 429)),
      { status: 'failed', retryAfterMs: 1_000 },
    ],
    ['Publish', new InternalErrorException(shape('oops', 500)), { status: 'failed' }],
    ['Publish', new Error('socket hang up'), { status: 'failed' }],
    ['GetEndpointAttributes', new ThrottledException(shape('Rate exceeded')), { status: 'failed' }],
    [
      'Publish',
      new InvalidParameterException(shape('Invalid parameter: Message too long')),
      { status: 'refused' },
    ],
    [
      'CreatePlatformEndpoint',
      new InvalidParameterException(
        shape(
          'Invalid parameter: Token Reason: iOS device tokens must be no more than 400 hexadecimal characters',
        ),
      ),
      { status: 'dead' },
    ],
  ])('is told as what it means: %s: %s', async (kind, error, outcome) => {
    const { sns, clock, gateway, aDevice, logger } = aGateway();
    sns.fails.set(kind, error);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject(outcome);
    expect(logger.of('push.refused')).toEqual([]);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'delivered' });
  });

  test('of when to come back is kept to', async () => {
    const { sns, clock, gateway, aDevice } = aGateway();
    const error = Object.assign(new InternalErrorException(shape('later', 503)), {
      $response: { headers: { 'retry-after': '7' } },
    });
    sns.fails.set('Publish', error);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ retryAfterMs: 7_000 });
  });

  test.each([
    ['Publish', new PlatformApplicationDisabledException(shape('Platform application is disabled'))],
    ['Publish', new AuthorizationErrorException(shape('not authorized to perform: SNS:Publish', 403))],
  ])('of what is our own fault is refused, and somebody is told: %s: %s', async (kind, error) => {
    const { sns, clock, gateway, aDevice, logger } = aGateway();
    sns.fails.set(kind, error);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'refused' });
    expect(logger.of('push.refused')).toHaveLength(1);
    expect(JSON.stringify(logger.lines)).not.toContain(TOKEN);
  });

  test('of an application that does not exist is refused, and somebody is told', async () => {
    const { clock, logger } = aGateway();
    const missing = () =>
      Promise.reject(new NotFoundException(shape('PlatformApplication does not exist', 404)));
    const client = { send: missing } as unknown as SNSClient;
    const cache = new MemoryCache<string>({ clock });
    const gateway = new SnsPushGateway({ client, clock, logger, cache, applications: { apns: 'app/none' } });
    const { aDevice } = aGateway();
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'refused' });
    expect(logger.of('push.refused')).toHaveLength(1);
    const cause = 'there is no platform application for fcm';
    expect(await gateway.push(aDevice({ platform: 'fcm' }), anAlert({ clock }))).toEqual({
      status: 'refused',
      cause,
    });
  });
});

describe('What is published', () => {
  const published = async (platform: Device['platform'], push: Parameters<SnsPushGateway['push']>[1]) => {
    const { sns, gateway, aDevice } = aGateway();
    await gateway.push(aDevice({ platform }), push);
    const { message = {}, attributes } = sns.published[0] ?? {};
    const { default: unused, ...structure } = message;
    const [[name, text = ''] = []] = Object.entries(structure);
    return { name, payload: JSON.parse(text), attributes, bytes: Buffer.byteLength(text) };
  };
  const clock = new ManualClock();
  const shipped = anAlert(
    { clock },
    { body: 'On Tuesday', data: { order: 7 }, category: 'orders' },
    { unsubscribeUrl: 'https://example.com/u', collapseId: 'order-7', expiresAt: clock.now() + HOUR_MS },
  );
  const fanfare = {
    messageId: shipped.messageId,
    collapseId: 'order-7',
    category: 'orders',
    data: { order: 7 },
    unsubscribeUrl: 'https://example.com/u',
  };

  test.each([
    ['apns', 'APNS'],
    ['apns_sandbox', 'APNS_SANDBOX'],
  ] as const)('to Apple is an alert of its own: %s', async (platform, name) => {
    expect(await published(platform, shipped)).toMatchObject({
      name,
      payload: {
        aps: {
          alert: { title: 'Shipped', body: 'On Tuesday' },
          badge: 3,
          sound: 'default',
          'thread-id': 'orders',
        },
        fanfare,
      },
      attributes: {
        [`AWS.SNS.MOBILE.${name}.TTL`]: '3600',
        'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'alert',
        'AWS.SNS.MOBILE.APNS.PRIORITY': '10',
        'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': 'order-7',
      },
    });
  });

  test('to Google is a message of version 1, of which all data are strings', async () => {
    const { name, payload, attributes } = await published('fcm', shipped);
    const { message } = payload.fcmV1Message;
    expect([name, attributes]).toEqual(['GCM', { 'AWS.SNS.MOBILE.FCM.TTL': '3600' }]);
    expect(message).toMatchObject({
      notification: { title: 'Shipped', body: 'On Tuesday' },
      android: {
        priority: 'HIGH',
        ttl: '3600s',
        collapse_key: 'order-7',
        notification: { tag: 'order-7', notification_count: 3 },
      },
    });
    expect(Object.keys(message.data)).toEqual(['fanfare']);
    expect(JSON.parse(message.data.fanfare)).toEqual({ ...fanfare, badge: 3 });
  });

  test('with a low priority does not wake a phone', async () => {
    const low = anAlert({ clock }, { priority: 'low' });
    expect((await published('apns', low)).attributes).toMatchObject({ 'AWS.SNS.MOBILE.APNS.PRIORITY': '5' });
    expect((await published('fcm', low)).payload.fcmV1Message.message.android.priority).toBe('NORMAL');
  });

  test('to take something back is silent', async () => {
    const back = { kind: 'withdraw', collapseIds: ['order-7'], badge: 2 } as const;
    expect(await published('apns', back)).toMatchObject({
      payload: { aps: { 'content-available': 1 }, fanfare: { withdraw: ['order-7'], badge: 2 } },
      attributes: { 'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'background', 'AWS.SNS.MOBILE.APNS.PRIORITY': '5' },
    });
    const { message } = (await published('fcm', back)).payload.fcmV1Message;
    expect(message).not.toHaveProperty('notification');
    expect(JSON.parse(message.data.fanfare)).toEqual({ withdraw: ['order-7'], badge: 2 });
  });

  test.each(['Grüße', 'ä'.repeat(64), 'a b', 'x\r\ny'])(
    'to Apple under an id that no header takes is the same in alert and withdrawal: %j',
    async collapseId => {
      const { payload, attributes } = await published('apns', anAlert({ clock }, {}, { collapseId }));
      const id = attributes?.['AWS.SNS.MOBILE.APNS.COLLAPSE_ID'];
      expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(payload.fanfare.collapseId).toBe(id);
      const back = await published('apns', { kind: 'withdraw', collapseIds: [collapseId], badge: 0 });
      expect(back.payload.fanfare.withdraw).toEqual([id]);
    },
  );

  test('never takes more than 4 KB, whatever is said', async () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('apns' as const, 'fcm' as const),
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        words,
        fc.option(words),
        async (platform, title, body, data) => {
          const said = { title, body, ...(data === null ? {} : { data }) };
          expect((await published(platform, anAlert({ clock }, said))).bytes).toBeLessThanOrEqual(4_096);
        },
      ),
    );
  });

  test('is refused, with its size, when not even the title fits', async () => {
    const { sns, gateway, aDevice } = aGateway();
    const outcome = await gateway.push(aDevice(), anAlert({ clock }, { title: 'x'.repeat(5_000) }));
    expect(outcome).toMatchObject({
      status: 'refused',
      cause: expect.stringMatching(/^it takes 5\d\d\d bytes, and apns takes 4096$/),
    });
    expect(sns.calls).toEqual([]);
  });
});
