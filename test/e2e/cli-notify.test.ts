import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DevServer } from '../support/cli.ts';
import { aFreePort, Cli, complaintOf } from '../support/cli.ts';
import { until } from '../support/until.ts';

let cli: Cli;
let dev: DevServer;
beforeAll(async () => {
  cli = new Cli();
  dev = await cli.dev();
});
afterAll(() => cli.end());

const toAlice = ['notify', 'user:alice', '--title', 'Shipped'];

/** A tail that is known to follow by now. */
const tailing = async (channel: string, ...args: readonly string[]) => {
  const before = await subscriptions();
  const tail = cli.start(['tail', channel, ...args]);
  await until(async () => (await subscriptions()) > before);
  return tail;
};

const subscriptions = async (): Promise<number> => {
  const metrics = await (await fetch(`${dev.url}/metrics`)).text();
  return Number(/frames_total\{action="subscribe"\} (\d+)/.exec(metrics)?.[1] ?? 0);
};

describe('fanfare notify', () => {
  test('finds the running dev server, and what it sent comes out of fanfare tail as a line of JSON', async () => {
    const tail = await tailing('user:alice', '-n', '1');
    const more = [
      '--body',
      'On Tuesday',
      '--data',
      '{"orderId":42}',
      '--category',
      'orders',
      '--priority',
      'high',
    ];
    const sent = await cli.run([...toAlice, ...more]);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const { id } = JSON.parse(sent.stdout);
    const { code, stdout, stderr } = await tail.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({
      channel: 'user:alice',
      messageId: `${id}.user:alice`,
      epoch: expect.any(String),
      offset: 1,
      sentAt: expect.stringMatching(/Z$/),
      from: 'admin',
      notification: {
        id,
        title: 'Shipped',
        body: 'On Tuesday',
        data: { orderId: 42 },
        category: 'orders',
        priority: 'high',
      },
    });
  });

  test('answers a pipe with one line of JSON, and so with --json', async () => {
    for (const args of [[], ['--json']]) {
      const { stdout } = await cli.run(['notify', 'user:bob', 'topic:news', '--title', 'Hi', ...args]);
      expect(stdout.split('\n')).toHaveLength(2);
      const { channels } = JSON.parse(stdout) as { channels: { channel: string }[] };
      expect(channels.map(({ channel }) => channel)).toEqual(['user:bob', 'topic:news']);
    }
  });

  test('with the same --key sends once, and says the same', async () => {
    const args = ['notify', 'user:carol', '--title', 'Shipped', '--key', 'order-42'];
    const [first, second] = [await cli.run(args), await cli.run(args)];
    expect(second).toEqual(first);
    expect(first.code).toBe(0);
  });

  test('needs no secret where it is given a token, in production either', async () => {
    const env = { NODE_ENV: 'production', FANFARE_URL: `${dev.url}/`, FANFARE_TOKEN: dev.token };
    expect(await cli.run(toAlice, env)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('Where sockets and HTTP have addresses of their own', () => {
  test.each([
    [
      'by options',
      (http: string, sockets: string) => [['--url', http, '--socket-url', sockets], {}] as const,
    ],
    [
      'by the environment',
      (http: string, sockets: string) => [[], { FANFARE_URL: http, FANFARE_SOCKET_URL: sockets }] as const,
    ],
  ])('fanfare tail goes to the one %s', async (_, told) => {
    const nobody = `http://127.0.0.1:${await aFreePort()}`;
    const [args, env] = told(nobody, dev.socketUrl);
    const before = await subscriptions();
    const tail = cli.start(['tail', 'user:dora', '-n', '1', ...args], env);
    await until(async () => (await subscriptions()) > before);
    await cli.run(['notify', 'user:dora', '--title', 'Shipped']);
    expect(await tail.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test("a --url is not mixed with another deployment's sockets", async () => {
    const nobody = `127.0.0.1:${await aFreePort()}`;
    const outcome = await cli.run(['tail', 'user:dora', '--url', `http://${nobody}`], {
      FANFARE_URL: dev.url,
      FANFARE_SOCKET_URL: dev.socketUrl,
    });
    expect(complaintOf(outcome)).toContain(`no server answers at ws://${nobody}/ws`);
  });
});

describe('fanfare notify, refused by the server, says why in one line', () => {
  const CHANNEL =
    'to[0]: expected user:<id>, room:<name>, topic:<name> or broadcast; a name is 1 to 128 of A-Z a-z 0-9 . _ @ + = -';

  test.concurrent.each([
    ['a bad channel', ['notify', 'alice', '--title', 'x'], CHANNEL],
    ['an empty title', ['notify', 'user:alice', '--title', ''], 'title: expected 1 to 256 characters'],
  ])('for %s', async (_, args, line) => {
    const outcome = await cli.run(args);
    expect(complaintOf(outcome)).toBe(`fanfare: ${line}`);
    expect(outcome.code).toBe(1);
  });

  test.concurrent('for a token without the right', async () => {
    const { stdout: token } = await cli.run(['token', '--user', 'bob']);
    const outcome = await cli.run(toAlice, { FANFARE_TOKEN: token.trim() });
    expect(complaintOf(outcome)).toBe('fanfare: to[0]: only an admin token may notify user:alice');
    expect(outcome.code).toBe(1);
  });

  test.concurrent('for a token of others: exit code 4', async () => {
    const { stdout: token } = await cli.run(['token', '--admin'], { FANFARE_SECRET: 'x'.repeat(32) });
    const outcome = await cli.run([...toAlice, '--token', token.trim()]);
    expect(complaintOf(outcome)).toBe(
      `fanfare: ${dev.url} refused the token: the token is not valid: its signature does not match`,
    );
    expect(outcome.code).toBe(4);
  });

  test.concurrent('when it is no Fanfare at all', async () => {
    const other = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const outcome = await cli.run([...toAlice, '--url', `http://127.0.0.1:${port}`]);
    other.close();
    expect(complaintOf(outcome)).toBe('fanfare: unexpected answer 200; is this Fanfare?');
    expect(outcome.code).toBe(1);
  });
});

describe('Without a server', () => {
  test.concurrent.each([
    ['notify', ['--title', 'x'], (url: string) => url],
    ['tail', [], (url: string) => `${url.replace('http', 'ws')}/ws`],
  ] as const)('fanfare %s names the URL: exit code 3', async (command, options, asked) => {
    const url = `http://127.0.0.1:${await aFreePort()}`;
    const outcome = await cli.run([command, 'user:alice', ...options, '--url', url]);
    expect(complaintOf(outcome)).toBe(
      `fanfare: no server answers at ${asked(url)} (ECONNREFUSED); start one with fanfare dev`,
    );
    expect(outcome.code).toBe(3);
  });

  test('that one was killed is no reason to look elsewhere', async () => {
    const alone = new Cli();
    const killed = await alone.dev();
    killed.process.signal('SIGKILL');
    await killed.process.ended;
    const outcome = await alone.run(toAlice);
    await alone.end();
    expect(complaintOf(outcome)).toContain(`no server answers at ${killed.url} (ECONNREFUSED)`);
    expect(outcome.code).toBe(3);
  });
});

describe('fanfare tail', () => {
  test('prints only the channels that were asked for, until Ctrl-C', async () => {
    const tail = await tailing('room:lobby');
    await cli.run(['notify', 'broadcast', 'room:lobby', '--title', 'Hi']);
    await until(() => tail.stdout.includes('\n'));
    tail.signal('SIGINT');
    const { code, stdout, stderr } = await tail.ended;
    expect(JSON.parse(stdout)).toMatchObject({ channel: 'room:lobby' });
    expect([code, stderr]).toEqual([0, '']);
  });

  test.concurrent.each([
    [
      'bad',
      2,
      '"bad": expected user:<id>, room:<name>, topic:<name> or broadcast; a name is 1 to 128 of A-Z a-z 0-9 . _ @ + = -',
    ],
    ['room:secret', 1, 'this token does not allow subscribe on room:secret'],
  ])('of %s is refused: exit code %i', async (channel, code, line) => {
    const { stdout: token } = await cli.run(['token', '--user', 'bob']);
    const outcome = await cli.run(['tail', channel, '--token', token.trim()]);
    expect(complaintOf(outcome)).toBe(`fanfare: ${line}`);
    expect(outcome.code).toBe(code);
  });

  test.concurrent('with a token of others is refused: exit code 4', async () => {
    const outcome = await cli.run(['tail', 'user:alice', '--token', 'not.a.token']);
    expect(complaintOf(outcome)).toBe(`fanfare: ${dev.socketUrl} refused the token: HTTP 401`);
    expect(outcome.code).toBe(4);
  });
});
