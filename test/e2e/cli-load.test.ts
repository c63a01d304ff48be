import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../support/cli.ts';
import { aFreePort, Cli, complaintOf } from '../support/cli.ts';
import type { FrameProxyOptions } from '../support/frame-proxy.ts';
import { aFrameProxy } from '../support/frame-proxy.ts';
import type { LocalStack } from '../support/local-stack.ts';
import { aLocalStack } from '../support/local-stack.ts';
import { until } from '../support/until.ts';

let cli: Cli;
let stack: LocalStack;
let admin: string;
beforeAll(async () => {
  cli = new Cli();
  stack = await aLocalStack();
  admin = await stack.token('shop', { admin: true });
});
afterAll(async () => {
  await cli.end();
  await stack.close();
});

let closeProxy = (): void => {};
afterEach(() => closeProxy());

const load = (args: readonly string[], token = admin): Promise<Outcome> =>
  cli.run(['load', ...args], { FANFARE_URL: stack.url, FANFARE_TOKEN: token });

/** 5 sockets, 20 messages. */
const SMALL = ['--connections', '5', '--rate', '40', '--for', '500ms'];

/** Runs through a proxy that does something to the frames on their way. */
const loadThrough = async (options: FrameProxyOptions, ...args: string[]): Promise<Outcome> => {
  const proxy = await aFrameProxy(stack.url, options);
  closeProxy = proxy.close;
  return load([...SMALL, '--socket-url', proxy.socketUrl, ...args]);
};

const isMessage = (frame: string, n: number): boolean => frame.includes(`"n":${1_000_000 + n},`);
const lastLineOf = ({ stderr }: Outcome): string | undefined => stderr.trimEnd().split('\n').at(-1);

describe('fanfare load', () => {
  test('counts every delivery, tells how long they took, and ends well when none is lost', async () => {
    const { code, stdout, stderr } = await load(SMALL);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      channel: expect.stringMatching(/^room:load-/),
      connections: { asked: 5, opened: 5, retried: 0, failed: {}, cut: {} },
      messages: { sent: 20, refused: {} },
      deliveries: { expected: 100, received: 100, lost: 0, duplicated: 0, disordered: 0 },
      passed: true,
      exceeded: [],
    });
    const { p50, p90, p99, max } = result.latencyMs;
    expect([p50, p90, p99, max]).toEqual([p50, p90, p99, max].toSorted((a, b) => a - b));
    expect(p50).toBeGreaterThan(0);
    expect([code, stderr.includes('fanfare:')]).toEqual([0, false]);
  });

  test('finds the one delivery that was lost, and fails', async () => {
    const passage = (frame: string, connection: number) =>
      connection === 3 && isMessage(frame, 7) ? [] : [frame];
    const outcome = await loadThrough({ passage });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      deliveries: { expected: 100, received: 99, lost: 1, duplicated: 0, disordered: 0 },
      passed: false,
      exceeded: ['lost: 1, over 0'],
    });
    expect([outcome.code, lastLineOf(outcome)]).toEqual([1, 'fanfare: lost: 1, over 0']);
  });

  test('counts what comes twice and what comes out of order, and lets it pass unless told', async () => {
    let held = '';
    const passage = (frame: string, connection: number): string[] => {
      if (connection === 0 && isMessage(frame, 2)) return [frame, frame, frame];
      if (connection !== 1) return [frame];
      // By its place in the log: of two posts that overlap, the later may be stored first.
      if (frame.includes('"offset":5,')) {
        held = frame;
        return [];
      }
      return frame.includes('"offset":6,') ? [frame, held] : [frame];
    };
    const outcome = await loadThrough({ passage });
    expect(JSON.parse(outcome.stdout).deliveries).toMatchObject({ lost: 0, duplicated: 2, disordered: 1 });
    expect(outcome.code).toBe(0);
  });

  test('fails by the thresholds that it is given', async () => {
    const passage = (frame: string) => (isMessage(frame, 1) ? [frame, frame] : [frame]);
    const outcome = await loadThrough({ passage, delayMs: 40 }, '--max-duplicated', '4', '--max-p99', '30ms');
    const [duplicated, p99] = JSON.parse(outcome.stdout).exceeded;
    expect(duplicated).toBe('duplicated: 5, over 4');
    expect(p99).toMatch(/^p99: [\d.]+ ms, over 30$/);
    expect(outcome.code).toBe(1);
  });

  test('counts what a connection misses after it was cut', async () => {
    const proxy = await aFrameProxy(stack.url, {
      passage: (frame, connection) => {
        if (connection === 2 && isMessage(frame, 10)) proxy.cut();
        return [frame];
      },
    });
    closeProxy = proxy.close;
    const outcome = await load([...SMALL, '--socket-url', proxy.socketUrl]);
    const { connections, deliveries } = JSON.parse(outcome.stdout);
    expect(connections.cut).toEqual({ 'closed 1006': 5 });
    expect(deliveries.lost).toBeGreaterThanOrEqual(5 * 9);
    expect(deliveries.lost).toBeLessThanOrEqual(5 * 10);
    expect(outcome.code).toBe(1);
  });

  test('tries again where a quota refuses connections', async () => {
    await cli.dev([], {
      FANFARE_QUOTA_CONNECTS_PER_SECOND: '20',
      FANFARE_QUOTA_CONNECTS_BURST: '2',
    });
    const outcome = await cli.run(['load', ...SMALL, '--ramp', '1000']);
    const { connections } = JSON.parse(outcome.stdout);
    expect(connections).toMatchObject({ opened: 5, failed: {} });
    expect(connections.retried).toBeGreaterThan(0);
    expect(outcome.code).toBe(0);
  });

  test('counts what was sent until Ctrl-C', async () => {
    const env = { FANFARE_URL: stack.url, FANFARE_TOKEN: admin };
    const running = cli.start(['load', '-c', '3', '-r', '20', '--for', '1m'], env);
    await until(() => /publishing .* [1-9]\d* received/.test(running.stderr), 15_000);
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    const { messages, deliveries } = JSON.parse(stdout);
    expect(messages.sent).toBeGreaterThan(0);
    expect(messages.sent).toBeLessThan(1_200);
    expect(deliveries).toMatchObject({ expected: messages.sent * 3, received: messages.sent * 3, lost: 0 });
    expect(code).toBe(0);
  });

  test('says what came of messages that were refused, and expects none of them to arrive', async () => {
    const outcome = await load(SMALL, await stack.token('bob', { allow: { 'room:*': ['subscribe'] } }));
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      messages: { sent: 20, refused: { 'HTTP 403': 20 } },
      deliveries: { expected: 0, lost: 0 },
    });
    expect(outcome.code).toBe(1);
  });
});

describe('fanfare load does not begin', () => {
  test.each([
    [
      'a channel that the token does not allow',
      ['--channel', 'room:secret'],
      1,
      'this token does not allow subscribe on room:secret',
    ],
    ['no channel', ['--channel', 'lobby'], 2, '--channel: expected user:<id>'],
    ['no duration', ['--for', '10'], 2, '--for: expected such as 90s, 15m, 1h or 7d; found "10"'],
    [
      'more than can be counted',
      ['-c', '100000', '-r', '1000', '--for', '1m'],
      2,
      '--for: expected 500000000 deliveries at the most',
    ],
    ['no connection', ['-c', '0'], 2, 'expected a whole number from 1 to 100000'],
  ])('with %s', async (_, args, code, words) => {
    const outcome = await load(['--for', '1s', ...args], await stack.token('bob'));
    expect(complaintOf(outcome)).toContain(words);
    expect(outcome.code).toBe(code);
  });

  test('with a token of others: exit code 4', async () => {
    const outcome = await load([], 'not.a.token');
    expect(complaintOf(outcome)).toBe(
      `fanfare: ${stack.url.replace('http', 'ws')}/ws refused the token: HTTP 401`,
    );
    expect(outcome.code).toBe(4);
  });

  test('without a server: exit code 3', async () => {
    const outcome = await cli.run(['load', '--url', `http://127.0.0.1:${await aFreePort()}`]);
    expect(complaintOf(outcome)).toContain('(ECONNREFUSED)');
    expect(outcome.code).toBe(3);
  });
});
