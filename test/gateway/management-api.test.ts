import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  LimitExceededException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import type { RigOptions } from '../support/gateway-rig.ts';
import { aGatewayRig } from '../support/gateway-rig.ts';
import { until } from '../support/until.ts';

const KEYS = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'not-a-real-secret' };

/** The gateway, and AWS's own client as an application would make it. */
const open = async (options: RigOptions = {}, credentials = KEYS) => {
  const rig = await aGatewayRig(options);
  const sdk = new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${rig.port}`,
    region: 'eu-central-1',
    credentials,
    maxAttempts: 1,
  });
  onTestFinished(rig.close);
  onTestFinished(() => sdk.destroy());
  return { ...rig, sdk };
};

const post = (ConnectionId: string, Data: string | Uint8Array = 'hi') =>
  new PostToConnectionCommand({ ConnectionId, Data: typeof Data === 'string' ? Buffer.from(Data) : Data });

describe("AWS's own client against the local gateway", () => {
  test('posts to a connection', async () => {
    const rig = await open();
    const client = await rig.connect();
    const { $metadata } = await rig.sdk.send(post(client.id, '{"hello":"üñí"}'));
    expect(await client.next()).toBe('{"hello":"üñí"}');
    expect($metadata).toMatchObject({
      httpStatusCode: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('describes a connection', async () => {
    const rig = await open();
    const client = await rig.connect([], { 'user-agent': 'test/1.0' });
    await rig.clock.advance(5_000);
    await rig.sdk.send(post(client.id));
    const found = await rig.sdk.send(new GetConnectionCommand({ ConnectionId: client.id }));
    expect(found.ConnectedAt).toEqual(new Date(rig.clock.now() - 5_000));
    expect(found.LastActiveAt).toEqual(new Date(rig.clock.now()));
    expect(found.Identity).toEqual({ SourceIp: '127.0.0.1', UserAgent: 'test/1.0' });
  });

  test('closes a connection normally', async () => {
    const rig = await open();
    const client = await rig.connect();
    const { $metadata } = await rig.sdk.send(new DeleteConnectionCommand({ ConnectionId: client.id }));
    expect($metadata.httpStatusCode).toBe(204);
    expect(await client.closed).toEqual({ code: 1000, reason: 'Connection Closed Normally' });
  });

  test.each([
    ['posting to', (id: string) => post(id)],
    ['describing', (id: string) => new GetConnectionCommand({ ConnectionId: id })],
    ['closing', (id: string) => new DeleteConnectionCommand({ ConnectionId: id })],
  ] as const)('gets a GoneException for %s a connection that is gone', async (_what, command) => {
    const { sdk } = await open();
    const failed = sdk.send(command(newConnectionId()) as PostToConnectionCommand);
    await expect(failed).rejects.toThrow(GoneException);
    await expect(failed).rejects.toMatchObject({ $metadata: { httpStatusCode: 410 } });
  });

  test('gets a GoneException for one whose handshake is not finished, as on AWS', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const rig = await open({ connect: () => promise.then(() => ({ statusCode: 200 })) });
    const opening = rig.connect();
    await until(() => rig.connects.length === 1);
    await expect(rig.sdk.send(post(rig.connects[0]?.connectionId ?? ''))).rejects.toThrow(GoneException);
    resolve();
    await rig.sdk.send(post((await opening).id));
  });

  test('gets a PayloadTooLargeException over 128 KB, and none at it', async () => {
    const rig = await open();
    const client = await rig.connect();
    await rig.sdk.send(post(client.id, 'x'.repeat(131_072)));
    const failed = rig.sdk.send(post(client.id, 'x'.repeat(131_073)));
    await expect(failed).rejects.toThrow(PayloadTooLargeException);
    await expect(failed).rejects.toMatchObject({ $metadata: { httpStatusCode: 413 } });
  });

  test('gets a LimitExceededException beyond the rate, and none after waiting', async () => {
    const rig = await open({ quotas: { managementCalls: { perSecond: 10, burst: 2 } } });
    const client = await rig.connect();
    await rig.sdk.send(post(client.id));
    await rig.sdk.send(post(client.id));
    const failed = rig.sdk.send(post(client.id));
    await expect(failed).rejects.toThrow(LimitExceededException);
    await expect(failed).rejects.toMatchObject({ $metadata: { httpStatusCode: 429 } });
    await rig.clock.advance(100);
    await rig.sdk.send(post(client.id));
  });

  test('gets a BadRequestException for a malformed id', async () => {
    const { sdk } = await open();
    await expect(sdk.send(post('no-such-thing'))).rejects.toMatchObject({
      name: 'BadRequestException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('takes the id as it is and percent-encoded', async () => {
    const rig = await open();
    const client = await rig.connect();
    for (const id of [client.id, client.id.replace('=', '%3D'), client.id.replace('=', '%3d')]) {
      const url = `http://127.0.0.1:${rig.port}/@connections/${id}`;
      expect((await fetch(url, { method: 'POST', body: id })).status).toBe(200);
      expect(await client.next()).toBe(id);
    }
  });

  test('is answered 10 MB with 413 and can go on', async () => {
    const rig = await open();
    const client = await rig.connect();
    const url = `http://127.0.0.1:${rig.port}/@connections/${client.id}`;
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(10_000_000) })).status).toBe(413);
    await rig.sdk.send(post(client.id));
  });
});

describe('With credentials configured, the management API', () => {
  const access = { kind: 'signed', ...KEYS } as const;

  test('takes what they signed: post, describe and close', async () => {
    const rig = await open({ access });
    const client = await rig.connect();
    await rig.sdk.send(post(client.id, 'signed'));
    expect(await client.next()).toBe('signed');
    await rig.sdk.send(new GetConnectionCommand({ ConnectionId: client.id }));
    await rig.sdk.send(new DeleteConnectionCommand({ ConnectionId: client.id }));
  });

  test.each([
    ['another secret', { ...KEYS, secretAccessKey: 'guessed' }],
    ['another key', { ...KEYS, accessKeyId: 'AKIAOTHER' }],
  ])('refuses what %s signed with 403', async (_what, credentials) => {
    const rig = await open({ access }, credentials);
    const client = await rig.connect();
    await expect(rig.sdk.send(post(client.id))).rejects.toMatchObject({
      name: 'ForbiddenException',
      $metadata: { httpStatusCode: 403 },
    });
    expect(client.received).toEqual([]);
  });

  test('refuses a request that nobody signed', async () => {
    const rig = await open({ access });
    const client = await rig.connect();
    const url = `http://127.0.0.1:${rig.port}/@connections/${client.id}`;
    expect((await fetch(url, { method: 'POST', body: 'hi' })).status).toBe(403);
  });

  test('refuses a signed request whose body was changed on its way', async () => {
    const rig = await open({ access });
    const client = await rig.connect();
    rig.sdk.middlewareStack.add(
      next => args => {
        (args.request as { body: Uint8Array }).body = Buffer.from('ho');
        return next(args);
      },
      { step: 'deserialize' },
    );
    await expect(rig.sdk.send(post(client.id, 'hi'))).rejects.toMatchObject({ name: 'ForbiddenException' });
  });

  test('is closed to everyone where the port is open to others and nothing is configured', async () => {
    const rig = await open({ access: { kind: 'closed' } });
    const client = await rig.connect();
    await expect(rig.sdk.send(post(client.id))).rejects.toMatchObject({ name: 'ForbiddenException' });
  });
});
