import { describe, expect, test } from 'vitest';
import { gatewayRigs, refusalOf } from '../support/gateway-rig.ts';
import { until } from '../support/until.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const open = gatewayRigs();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('A connection', () => {
  test('is closed 1001 after 10 idle minutes, not before', async () => {
    const rig = await open();
    const client = await rig.connect();
    await rig.clock.advance(10 * MINUTE_MS - 1);
    expect(rig.gateway.connections).toBe(1);
    await rig.clock.advance(1_000);
    expect(await client.closed).toMatchObject({ code: 1001 });
    expect(rig.disconnects).toEqual([client.id]);
  });

  test('is kept by traffic in either direction', async () => {
    const rig = await open({ message: () => 'pong' });
    const client = await rig.connect();
    await rig.clock.advance(9 * MINUTE_MS);
    client.socket.send('ping');
    await client.next();
    await rig.clock.advance(9 * MINUTE_MS);
    await rig.gateway.post(bytes('push'), [client.id]);
    await rig.clock.advance(9 * MINUTE_MS);
    expect(rig.gateway.connections).toBe(1);
  });

  test('is closed 1001 after 2 hours however busy', async () => {
    const rig = await open();
    const client = await rig.connect();
    for (let minutes = 5; minutes < 120; minutes += 5) {
      await rig.clock.advance(5 * MINUTE_MS);
      await rig.gateway.post(bytes('push'), [client.id]);
    }
    expect(rig.gateway.connections).toBe(1);
    await rig.clock.advance(5 * MINUTE_MS + 1_000);
    expect(await client.closed).toMatchObject({ code: 1001, reason: 'Going away' });
  });

  test('is closed 1008 when its token expires', async () => {
    const rig = await open({
      connect: ({ connectedAt }) => ({ statusCode: 200, expiresAt: connectedAt + 90_000 }),
    });
    const client = await rig.connect();
    await rig.clock.advance(89_000);
    expect(rig.gateway.connections).toBe(1);
    await rig.clock.advance(2_000);
    expect(await client.closed).toMatchObject({ code: 1008, reason: 'Token expired' });
  });

  test('lives as long as it likes where the quotas are lifted', async () => {
    const rig = await open({
      quotas: { idleMs: Number.POSITIVE_INFINITY, lifeMs: Number.POSITIVE_INFINITY },
    });
    await rig.connect();
    await rig.clock.advance(48 * HOUR_MS);
    expect(rig.gateway.connections).toBe(1);
  });
});

describe('A slow reader', () => {
  const payload = bytes('x'.repeat(100_000));

  const stallUntilThrottled = async (rig: Awaited<ReturnType<typeof open>>) => {
    const client = await rig.connect();
    client.socket.pause();
    for (let n = 0; n < 500; n += 1) {
      if ((await rig.gateway.post(payload, [client.id])).length > 0) return client;
      await new Promise(setImmediate);
    }
    throw new Error('it was never throttled');
  };

  test('gets pushes again once it has caught up, and lost only what was refused', async () => {
    const rig = await open();
    const client = await stallUntilThrottled(rig);
    client.socket.resume();
    await until(async () => (await rig.gateway.post(bytes('caught up'), [client.id])).length === 0);
    await until(() => client.received.includes('caught up'));
  });

  test('that stays behind is closed 1013', async () => {
    const rig = await open({ slowReader: { closeAfterMs: 30_000 } });
    const client = await stallUntilThrottled(rig);
    await rig.clock.advance(30_001);
    await rig.gateway.post(payload, [client.id]);
    expect(rig.gateway.connections).toBe(0);
    client.socket.resume();
    expect(await client.closed).toMatchObject({ code: 1013 });
  });

  test('that asks for more than it reads is closed 1013', async () => {
    const rig = await open({ slowReader: { closeBytes: 1_000_000 }, message: () => 'y'.repeat(100_000) });
    const client = await rig.connect();
    client.socket.pause();
    for (let n = 0; n < 500 && rig.gateway.connections > 0; n += 1) {
      client.socket.send('more');
      await new Promise(setImmediate);
    }
    await until(() => rig.gateway.connections === 0);
    client.socket.resume();
    expect(await client.closed).toMatchObject({ code: 1013 });
  });
});

describe('Shutting down', () => {
  test('closes every socket 1001, tells the service of each, and refuses newcomers', async () => {
    const rig = await open();
    const clients = await Promise.all(Array.from({ length: 5 }, () => rig.connect()));
    await rig.gateway.post(
      bytes('last words'),
      clients.map(({ id }) => id),
    );
    await rig.gateway.shutdown();
    for (const client of clients) {
      expect(await client.next()).toBe('last words');
      expect(await client.closed).toMatchObject({ code: 1001 });
    }
    expect([...rig.disconnects].sort()).toEqual(clients.map(({ id }) => id).sort());
    expect(await refusalOf(rig.dial())).toBe(503);
  });
});
