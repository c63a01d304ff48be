import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { DevServer } from '../support/cli.ts';
import { announced, Cli } from '../support/cli.ts';
import { FanfareSocket } from '../support/fanfare-socket.ts';
import { refusalOf } from '../support/gateway-rig.ts';
import { until } from '../support/until.ts';

let cli: Cli;
beforeEach(() => {
  cli = new Cli();
});
afterEach(() => cli.end());

const notify = ({ apiUrl, token }: DevServer): Promise<Response> =>
  fetch(`${apiUrl}/notifications`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: ['user:alice'], title: 'Shipped' }),
  });

/** Opens a socket with the token in the URL, and closes it again. */
const knock = async (socketUrl: string, token: string): Promise<void> => {
  const socket = new WebSocket(`${socketUrl}?token=${token}`, 'fanfare.v1');
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.terminate();
};

const works = async (dev: DevServer): Promise<void> => {
  const page = await fetch(`${dev.url}/`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect((await notify(dev)).status).toBe(202);
  await knock(dev.socketUrl, dev.token);
};

describe('fanfare dev', () => {
  test('says where page, socket and API are, and with which token, and all of it works', async () => {
    const dev = await cli.dev();
    expect(dev).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      socketUrl: `${dev.url.replace('http', 'ws')}/ws`,
      apiUrl: `${dev.url}/v1`,
      token: expect.stringMatching(/^eyJ/),
    });
    await works(dev);
  });

  test('says that it made a secret, and the next time nothing of it', async () => {
    const first = await cli.dev();
    const told = `A secret was made and is kept in ${cli.secretFile}; only you can read it.`;
    await until(() => first.process.stdout.includes('In another terminal'));
    expect(first.process.stdout).toContain(told);
    const second = await cli.dev();
    await until(() => second.process.stdout.includes('In another terminal'));
    expect(second.process.stdout).not.toContain('A secret was made');
    expect((await notify({ ...second, token: first.token })).status).toBe(202);
  });

  test('is what npm start starts, options included, and Ctrl-C ends the whole tree', async () => {
    const npm = cli.npmStart(['--port', '0']);
    const dev = await announced(npm);
    await works(dev);
    const socket = new WebSocket(`${dev.socketUrl}?token=${dev.token}`);
    const closed = new Promise(resolve => socket.once('close', resolve));
    await new Promise(resolve => socket.once('open', resolve));
    npm.signalGroup('SIGINT');
    expect(await closed).toBe(1001);
    await npm.ended;
    await expect(fetch(`${dev.url}/health`)).rejects.toThrow();
  });

  test('that listens on every address is reached, and found, on this machine', async () => {
    const { url } = await cli.dev(['--host', '0.0.0.0']);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await cli.run(['notify', 'user:alice', '--title', 'Hi'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('prints no token in production', async () => {
    const server = cli.start(['dev', '--port', '0'], {
      NODE_ENV: 'production',
      FANFARE_SECRET: 'a secret of production, long enough',
    });
    await until(() => server.stdout.includes('In another terminal'));
    expect(server.stdout).not.toMatch(/token|eyJ/);
  });

  test('lives under the quotas that --quotas chooses, whatever the environment says', async () => {
    const { url, token } = await cli.dev(['--quotas', 'none'], { FANFARE_QUOTAS: 'aws' });
    const socket = await FanfareSocket.open(url, token);
    const data = 'x'.repeat(40_000); // over API Gateway's 32 KB a frame
    expect(await socket.request({ action: 'sendMessage', channel: 'room:lobby', data })).toMatchObject({
      type: 'accepted',
    });
    socket.kill();
  });

  test('at the most talkative level logs neither token nor secret, not even of handshakes that carry one', async () => {
    const secret = 'a secret that must not be seen anywhere';
    const dev = await cli.dev([], { FANFARE_LOG_LEVEL: 'debug', FANFARE_SECRET: secret });
    await knock(dev.socketUrl, dev.token);
    expect(await refusalOf(new WebSocket(`${dev.socketUrl}?token=${dev.token}x`))).toBe(401);
    expect((await notify(dev)).status).toBe(202);
    expect((await notify({ ...dev, token: `${dev.token}x` })).status).toBe(401);
    expect((await fetch(`${dev.url}/nowhere?token=${dev.token}`)).status).toBe(404);
    dev.process.signal('SIGTERM');
    const { stdout, stderr } = await dev.process.ended;
    expect(stderr).toContain('server.stopped');
    for (const part of [secret, ...dev.token.split('.')]) expect(stderr).not.toContain(part);
    expect(stdout).not.toContain(secret);
    expect(stdout.split(dev.token)).toHaveLength(2);
  });
});
