import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ApiGatewayConnectionGateway } from '../../src/adapters/aws/management/api-gateway-connection-gateway.ts';
import { keepAliveHandler } from '../../src/adapters/aws/management/keep-alive-handler.ts';
import { createManagementClient } from '../../src/adapters/aws/management/management-client.ts';
import { encodeUri, PostSigner } from '../../src/adapters/aws/management/post-signer.ts';
import { SignatureCheck } from '../../src/adapters/local/gateway/signature.ts';
import type { ConnectionId } from '../../src/domain/ids.ts';
import { aGatewayRig } from '../support/gateway-rig.ts';

const KEYS = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'not-a-real-secret' };
const TEN_MINUTES_MS = 600_000;

/** A gateway that checks signatures, and our client of its management API. */
const open = async (options: { readonly sessionToken?: string; readonly now?: () => number } = {}) => {
  const rig = await aGatewayRig({ access: { kind: 'signed', ...KEYS } });
  const { sessionToken, now } = options;
  const client = createManagementClient({
    endpoint: `http://127.0.0.1:${rig.port}`,
    region: 'eu-central-1',
    credentials: { ...KEYS, sessionToken },
    concurrency: 5,
    now,
  });
  onTestFinished(rig.close);
  onTestFinished(() => client.destroy());
  return { rig, client, gateway: new ApiGatewayConnectionGateway({ client, concurrency: 5 }) };
};

/** An endpoint that answers 200 and remembers what it was asked; with `silent`, it never answers. */
const anEndpoint = async ({ silent = false } = {}) => {
  const requests: { readonly request: IncomingMessage; readonly body: Buffer }[] = [];
  let sockets = 0;
  const server = createServer(async (request, response) => {
    requests.push({ request, body: Buffer.concat(await request.toArray()) });
    if (!silent) response.end();
  });
  server.on('connection', () => {
    sockets += 1;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests, sockets: () => sockets };
};

const payload = (text: string): Uint8Array => Buffer.from(text);

describe('The client for the management API', () => {
  test("signs what AWS's own signer signs, whatever the path, the payload and the credentials", async () => {
    // Dots alone would be a way up the path, and no connection is called so.
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter(id => !/^\.+$/.test(id));
    const token = fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/);
    const cases = fc.record({
      id: text,
      stage: fc.constantFrom('', '/prod', '/a%20b'),
      body: fc.uint8Array(),
      secretAccessKey: token,
      sessionToken: fc.option(token, { nil: undefined }),
      now: fc.integer({ min: 0, max: 4e12 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ id, stage, body, secretAccessKey, sessionToken, now }) => {
        const signer = new PostSigner({ host: 'localhost:8080', region: 'eu-central-1' });
        const path = `${stage}/@connections/${encodeUri(id)}`;
        const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey, sessionToken };
        const headers = signer.sign({ path, payload: body, credentials, now });
        const check = new SignatureCheck(
          { kind: 'signed', accessKeyId: 'AKIALOCAL', secretAccessKey },
          () => now,
        );
        const holds = (url: string, bytes: Uint8Array, more = {}) =>
          check.holds(
            { method: 'POST', url, headers: { ...headers, ...more } } as unknown as IncomingMessage,
            bytes,
          );
        expect(await holds(path, body)).toBe(true);
        expect(await holds(`${path}x`, body)).toBe(false);
        expect(await holds(path, Buffer.concat([body, Buffer.from('x')]))).toBe(false);
        if (sessionToken !== undefined)
          expect(await holds(path, body, { 'x-amz-security-token': `${sessionToken}x` })).toBe(false);
      }),
    );
  });

  test('signs anew when the second, the day or the credentials change', () => {
    const post = { path: '/@connections/abc', payload: payload('hi'), credentials: KEYS, now: 1_000 };
    const reused = new PostSigner({ host: 'localhost', region: 'eu-central-1' });
    for (const change of [
      {},
      { now: 2_000 },
      { now: 86_400_000 },
      { credentials: { ...KEYS, secretAccessKey: 'rotated' } },
      { credentials: { ...KEYS, accessKeyId: 'AKIAOTHER' } },
      { payload: payload('ho') },
    ]) {
      const fresh = new PostSigner({ host: 'localhost', region: 'eu-central-1' });
      expect(reused.sign({ ...post, ...change })).toEqual(fresh.sign({ ...post, ...change }));
    }
  });

  test.each([
    ['a user', undefined],
    ['a role, with a session token', 'FwoGZXIvYXdzEJr//////////wEaDKf='],
  ])('is let in with the credentials of %s, to post, to find and to close', async (_whose, sessionToken) => {
    const { rig, gateway } = await open({ sessionToken });
    const screen = await rig.connect();
    expect(await gateway.post(payload('signed'), [screen.id])).toEqual([]);
    expect(await screen.next()).toBe('signed');
    expect(await gateway.find(screen.id)).toMatchObject({ connectedAt: rig.clock.now() });
    expect(await gateway.close(screen.id)).toBe(true);
  });

  test.each([
    ['behind', -TEN_MINUTES_MS],
    ['ahead', TEN_MINUTES_MS],
  ])(
    'finds out from a refusal that its clock is %s, and goes by the server’s from then on',
    async (_how, offset) => {
      const { rig, gateway } = await open({ now: () => Date.now() + offset });
      const screen = await rig.connect();
      expect(await gateway.post(payload('late'), [screen.id])).toEqual([
        { connectionId: screen.id, reason: 'failed', cause: expect.stringContaining('ForbiddenException') },
      ]);
      expect(await gateway.post(payload('in time'), [screen.id])).toEqual([]);
      expect(await screen.next()).toBe('in time');
    },
  );

  test('shows every post to a middleware that was added to look', async () => {
    const { rig, client, gateway } = await open();
    const seen: string[] = [];
    client.middlewareStack.add(
      (next, context) => args => {
        seen.push(String(context.commandName));
        return next(args);
      },
      { step: 'initialize' },
    );
    const screens = [await rig.connect(), await rig.connect()];
    expect(
      await gateway.post(
        payload('hi'),
        screens.map(({ id }) => id),
      ),
    ).toEqual([]);
    expect(seen).toEqual(['PostToConnectionCommand', 'PostToConnectionCommand']);
  });

  test('posts to the stage that its endpoint names, over no more sockets than it may', async () => {
    const endpoint = await anEndpoint();
    const client = createManagementClient({
      endpoint: `http://127.0.0.1:${endpoint.port}/prod/`,
      region: 'eu-central-1',
      credentials: KEYS,
      concurrency: 3,
    });
    onTestFinished(() => client.destroy());
    const gateway = new ApiGatewayConnectionGateway({ client, concurrency: 3 });
    const ids = Array.from({ length: 30 }, (_, n) => `id${n}=` as ConnectionId);
    expect(await gateway.post(payload('hi'), ids)).toEqual([]);
    const paths = endpoint.requests.map(({ request }) => request.url).sort();
    expect(paths).toEqual(ids.map(id => `/prod/@connections/${encodeURIComponent(id)}`).sort());
    expect(endpoint.sockets()).toBeLessThanOrEqual(3);
    const check = new SignatureCheck({ kind: 'signed', ...KEYS }, Date.now);
    for (const { request, body } of endpoint.requests) expect(await check.holds(request, body)).toBe(true);
  });

  test('gives up on an answer that does not come', async () => {
    const { port } = await anEndpoint({ silent: true });
    const handler = keepAliveHandler({ concurrency: 1, timeoutMs: 20 });
    onTestFinished(handler.destroy);
    const request = {
      protocol: 'http:',
      hostname: '127.0.0.1',
      port,
      method: 'POST',
      path: '/',
      headers: {},
    };
    await expect(handler.handle({ ...request, body: payload('hi') })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});
