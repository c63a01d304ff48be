import { describe, expect, test } from 'vitest';
import { AWS_QUOTAS } from '../../src/adapters/local/gateway/quotas.ts';
import { gatewayRigs, refusalOf } from '../support/gateway-rig.ts';
import { until } from '../support/until.ts';

const open = gatewayRigs();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('A handshake', () => {
  test("gives ids of API Gateway's shape, each its own", async () => {
    const rig = await open();
    const clients = await Promise.all(Array.from({ length: 10 }, () => rig.connect()));
    const ids = clients.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{15}=$/);
    expect(new Set(ids).size).toBe(10);
  });

  test.each([401, 403])('may be refused with %i, and then nothing was ever connected', async statusCode => {
    const rig = await open({ connect: () => ({ statusCode }) });
    expect(await refusalOf(rig.dial())).toBe(statusCode);
    expect(rig.gateway.connections).toBe(0);
    expect(rig.disconnects).toEqual([]);
  });

  test('is answered 502 when the integration fails, and the cause is logged', async () => {
    const rig = await open({
      connect: () => {
        throw new Error('no database');
      },
    });
    expect(await refusalOf(rig.dial())).toBe(502);
    expect(rig.logger.of('gateway.connect-failed')).toMatchObject([{ fields: { cause: 'no database' } }]);
  });

  test('echoes the subprotocol that the integration chose', async () => {
    const rig = await open({ connect: () => ({ statusCode: 200, subprotocol: 'fanfare.v1' }) });
    const client = await rig.connect(['other', 'fanfare.v1']);
    expect(client.socket.protocol).toBe('fanfare.v1');
  });

  test('tells the integration what the client sent', async () => {
    const rig = await open();
    await rig.connect([], { 'x-custom': 'yes' });
    expect(rig.connects[0]).toMatchObject({ headers: { 'x-custom': 'yes' }, sourceIp: '127.0.0.1' });
  });

  test('beyond the rate of new connections is answered 429', async () => {
    const rig = await open({ quotas: { connects: { perSecond: 1, burst: 2 } } });
    await rig.connect();
    await rig.connect();
    expect(await refusalOf(rig.dial())).toBe(429);
    await rig.clock.advance(1_000);
    await rig.connect();
  });

  test('of a client that left meanwhile leaves nothing behind', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const rig = await open({ connect: () => promise.then(() => ({ statusCode: 200 })) });
    const socket = rig.dial();
    socket.on('error', () => undefined);
    await until(() => rig.connects.length === 1);
    socket.terminate();
    await new Promise(settled => setTimeout(settled, 50)); // the socket's end must have arrived
    resolve();
    await until(() => rig.disconnects.length === 1);
    expect(rig.gateway.connections).toBe(0);
  });

  test('that is not finished makes a post wait, not give up', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const rig = await open({ connect: () => promise.then(() => ({ statusCode: 200 })) });
    const opening = rig.connect();
    await until(() => rig.connects.length === 1);
    const id = rig.connects[0]?.connectionId;
    if (id === undefined) throw new Error('no $connect was seen');
    expect(await rig.gateway.post(bytes('hi'), [id])).toEqual([{ connectionId: id, reason: 'throttled' }]);
    resolve();
    const client = await opening;
    expect(await rig.gateway.post(bytes('hi'), [id])).toEqual([]);
    expect(await client.next()).toBe('hi');
  });
});

describe('A client', () => {
  test('gets its answers in the order of its requests', async () => {
    const rig = await open({
      message: async text => {
        await new Promise(settled => setTimeout(settled, text === '0' ? 20 : 0)); // the first takes longest
        return `re ${text}`;
      },
    });
    const client = await rig.connect();
    for (let n = 0; n < 200; n += 1) client.socket.send(String(n));
    await until(() => client.received.length === 200);
    expect(client.received).toEqual(Array.from({ length: 200 }, (_, n) => `re ${n}`));
  });

  test("gets API Gateway's words when the integration fails, and stays connected", async () => {
    const rig = await open({
      message: text => {
        if (text === 'bad') throw new Error('boom');
        return 'fine';
      },
    });
    const client = await rig.connect();
    client.socket.send('bad');
    client.socket.send('good');
    expect(await client.next()).toBe('{"message":"Internal server error"}');
    expect(await client.next()).toBe('fine');
    expect(rig.logger.of('gateway.message-failed')).toHaveLength(1);
  });

  test('is answered its pings', async () => {
    const client = await (await open()).connect();
    const pong = new Promise<string>(resolve => client.socket.once('pong', data => resolve(data.toString())));
    client.socket.ping('still there?');
    expect(await pong).toBe('still there?');
  });

  test('that sends a binary frame is closed 1003', async () => {
    const client = await (await open()).connect();
    client.socket.send(Buffer.from([1, 2, 3]));
    expect(await client.closed).toMatchObject({ code: 1003 });
  });

  test('that sends invalid UTF-8 is closed 1007', async () => {
    const client = await (await open()).connect();
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await client.closed).toMatchObject({ code: 1007 });
  });

  test('may send a message of 128 KB in frames of 32 KB', async () => {
    const rig = await open({ message: text => String(text.length) });
    const client = await rig.connect();
    const part = 'x'.repeat(AWS_QUOTAS.frameBytes);
    for (let n = 0; n < 4; n += 1) client.socket.send(part, { fin: n === 3 });
    expect(await client.next()).toBe('131072');
  });

  test('that sends a frame over 32 KB is closed 1009, and the message is not heard', async () => {
    const heard: string[] = [];
    const rig = await open({
      message: text => {
        heard.push(text);
        return undefined;
      },
    });
    const client = await rig.connect();
    client.socket.send('x'.repeat(AWS_QUOTAS.frameBytes + 1));
    expect(await client.closed).toMatchObject({ code: 1009 });
    expect(heard).toEqual([]);
    expect(rig.disconnects).toEqual([client.id]);
  });

  test('that sends a message over 128 KB is closed 1009', async () => {
    const rig = await open();
    const client = await rig.connect();
    const part = 'x'.repeat(AWS_QUOTAS.frameBytes);
    for (let n = 0; n < 5; n += 1) client.socket.send(part, { fin: n === 4 });
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  test('is told apart by headers that arrive a byte at a time', async () => {
    const rig = await open({ message: text => text });
    const client = await rig.connect();
    const raw = (client.socket as unknown as { _socket: { write(data: Buffer): void } })._socket;
    const frame = Buffer.concat([Buffer.from([0x81, 0xfe, 0x01, 0x00, 0, 0, 0, 0]), Buffer.alloc(256, 'y')]);
    for (const byte of frame) raw.write(Buffer.from([byte]));
    expect(await client.next()).toBe('y'.repeat(256));
  });
});
