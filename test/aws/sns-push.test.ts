import type { SNSClient } from '@aws-sdk/client-sns';
import {
  AuthorizationErrorException,
  InternalErrorException,
  InvalidParameterException,
  NotFoundException,
  PlatformApplicationDisabledException,
  ThrottledException,
} from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';
import { SnsPushGateway } from '../../src/adapters/aws/push/sns-push-gateway.ts';
import { MemoryCache } from '../../src/adapters/local/memory-cache.ts';
import { anAlert } from '../contract/push-gateway.contract.ts';
import { aStubbedGateway, shape, TOKEN } from '../support/stubbed-sns.ts';

describe('An endpoint', () => {
  test('is made and looked at once, and then published to', async () => {
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
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
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
    sns.endpoint = { Token: TOKEN, Enabled: 'false', CustomUserData: 'told 1' };
    const outcome = await gateway.push(aDevice({ refreshedAt: 2 }), anAlert({ clock }));
    expect(outcome).toMatchObject({ status: 'delivered' });
    expect(sns.endpoint).toEqual({ Token: TOKEN, Enabled: 'true', CustomUserData: 'told 2' });
  });

  test('that was disabled since the app told its token is dead, and deleted', async () => {
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
    sns.endpoint = { Token: TOKEN, Enabled: 'false', CustomUserData: 'told 1' };
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'dead' });
    expect([sns.endpoint, sns.published]).toEqual([undefined, []]);
  });

  test('that is found to be disabled as it is published to is dead, also where it cannot be deleted', async () => {
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
    await gateway.push(aDevice(), anAlert({ clock }));
    if (sns.endpoint !== undefined) sns.endpoint.Enabled = 'false';
    sns.fails.set('DeleteEndpoint', new InternalErrorException(shape('try again', 500)));
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'dead' });
    expect(sns.calls.at(-1)).toBe('DeleteEndpoint');
  });

  test('that holds another token gets the one that the app has', async () => {
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
    sns.endpoint = { Token: 'cd'.repeat(32), Enabled: 'true', CustomUserData: 'told 0' };
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'delivered' });
    expect(sns.endpoint).toEqual({ Token: TOKEN, Enabled: 'true', CustomUserData: 'told 1' });
  });

  test('that somebody deleted is made again', async () => {
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
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
    const { sns, clock, gateway, aDevice, logger } = aStubbedGateway();
    sns.fails.set(kind, error);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject(outcome);
    expect(logger.of('push.refused')).toEqual([]);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'delivered' });
  });

  test('of when to come back is kept to', async () => {
    const { sns, clock, gateway, aDevice } = aStubbedGateway();
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
    const { sns, clock, gateway, aDevice, logger } = aStubbedGateway();
    sns.fails.set(kind, error);
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'refused' });
    expect(logger.of('push.refused')).toHaveLength(1);
    expect(JSON.stringify(logger.lines)).not.toContain(TOKEN);
  });

  test('of an application that does not exist is refused, and somebody is told', async () => {
    const { clock, logger } = aStubbedGateway();
    const missing = () =>
      Promise.reject(new NotFoundException(shape('PlatformApplication does not exist', 404)));
    const client = { send: missing } as unknown as SNSClient;
    const cache = new MemoryCache<string>({ clock });
    const gateway = new SnsPushGateway({ client, clock, logger, cache, applications: { apns: 'app/none' } });
    const { aDevice } = aStubbedGateway();
    expect(await gateway.push(aDevice(), anAlert({ clock }))).toMatchObject({ status: 'refused' });
    expect(logger.of('push.refused')).toHaveLength(1);
    const cause = 'there is no platform application for fcm';
    expect(await gateway.push(aDevice({ platform: 'fcm' }), anAlert({ clock }))).toEqual({
      status: 'refused',
      cause,
    });
  });
});
