import { existsSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { DevServer } from '../support/cli.ts';
import { Cli } from '../support/cli.ts';
import { FanfareSocket } from '../support/fanfare-socket.ts';
import { until } from '../support/until.ts';

const STOPPED_WITHIN_MS = 5_000;

let cli: Cli;
beforeEach(() => {
  cli = new Cli();
});
afterEach(() => cli.end());

const addressFile = (): string => join(cli.stateFolder, 'dev-server.json');

/** Whether it takes no new connection any more. */
const isClosed = ({ url }: DevServer): Promise<boolean> =>
  new Promise(resolve => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });

/** A notification for the printed token's own user that the server has begun to read; `finish` sends the rest of it. */
const aHalfSentRequest = async ({ apiUrl, token }: DevServer) => {
  const body = JSON.stringify({ to: ['user:admin'], title: 'Shipped' });
  const request = httpRequest(`${apiUrl}/notifications`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      expect: '100-continue',
    },
  });
  const answered = new Promise<number>((resolve, reject) => {
    request.once('response', response => resolve(response.resume().statusCode ?? 0));
    request.once('error', reject);
  });
  request.flushHeaders();
  await new Promise(resolve => request.once('continue', resolve));
  request.write(body.slice(0, 10));
  return { answered, finish: () => request.end(body.slice(10)) };
};

describe('A dev server that is told to stop', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s finishes what is under way, and is gone', async signal => {
    const dev = await cli.dev();
    const sockets = await Promise.all([1, 2, 3].map(() => FanfareSocket.open(dev.url, dev.token)));
    const request = await aHalfSentRequest(dev);
    expect(existsSync(addressFile())).toBe(true);
    const told = performance.now();
    dev.process.signal(signal);
    await until(() => isClosed(dev));
    request.finish();
    expect(await request.answered).toBe(202);
    for (const socket of sockets) {
      expect(await socket.closed).toMatchObject({ code: 1001 });
      expect(socket.pushed('user:admin')).toHaveLength(1);
    }
    expect(await dev.process.ended).toMatchObject({ code: 0, stderr: '' });
    expect(performance.now() - told).toBeLessThan(STOPPED_WITHIN_MS);
    expect(existsSync(addressFile())).toBe(false);
  });

  test('twice, as a terminal and npm both do, stops as well as if it were told once', async () => {
    const dev = await cli.dev();
    const socket = await FanfareSocket.open(dev.url, dev.token);
    const request = await aHalfSentRequest(dev);
    dev.process.signal('SIGINT');
    await until(() => isClosed(dev));
    dev.process.signal('SIGINT');
    request.finish();
    expect(await request.answered).toBe(202);
    expect(await socket.closed).toMatchObject({ code: 1001 });
    expect(await dev.process.ended).toMatchObject({ code: 0 });
  });

  test('waits for no request that never ends, nor for a socket that does not answer', async () => {
    const dev = await cli.dev();
    const request = await aHalfSentRequest(dev);
    request.answered.catch(() => undefined);
    const socket = new WebSocket(`${dev.socketUrl}?token=${dev.token}`);
    await new Promise(resolve => socket.once('open', resolve));
    socket.pause();
    const told = performance.now();
    dev.process.signal('SIGTERM');
    expect(await dev.process.ended).toMatchObject({ code: 0 });
    expect(performance.now() - told).toBeLessThan(STOPPED_WITHIN_MS);
    socket.terminate();
  });

  test('leaves the one that was started after it to be found', async () => {
    const [first, second] = [await cli.dev(), await cli.dev()];
    first.process.signal('SIGTERM');
    await first.process.ended;
    const sent = await cli.run(['notify', 'user:alice', '--title', 'Shipped']);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const told = await FanfareSocket.open(second.url, second.token);
    const history = await told.request({ action: 'history', channel: 'user:alice' });
    expect(history.messages).toHaveLength(1);
    told.kill();
  });
});
