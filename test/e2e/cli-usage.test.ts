import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unreachable } from '../../src/cli/target.ts';
import { Cli, complaintOf } from '../support/cli.ts';

let cli: Cli;
beforeAll(() => {
  cli = new Cli();
});
afterAll(() => cli.end());

const TITLE = ['--title', 'x'];

describe('Wrong usage is told in one line, before anything is sent: exit code 2', () => {
  test.concurrent.each([
    [['notify', 'user:alice'], "required option '-t, --title <text>' not specified"],
    [['notify', ...TITLE], "missing required argument 'channels'"],
    [['notify', 'user:alice', ...TITLE, '--boddy', 'x'], "unknown option '--boddy' (Did you mean --body?)"],
    [
      ['notify', 'user:alice', ...TITLE, '--priority', 'urgent'],
      "option '--priority <level>' argument 'urgent' is invalid. Allowed choices are low, normal, high.",
    ],
    [
      ['notify', 'user:alice', ...TITLE, '--url', 'localhost:1'],
      '--url: expected an http or https URL, found "localhost:1"',
    ],
    [
      ['notify', 'user:alice', ...TITLE, '--url', 'https://fanfare.example.com'],
      'a token for https://fanfare.example.com is needed: --token or FANFARE_TOKEN',
    ],
    [
      ['tail', 'user:alice', '--socket-url', 'https://fanfare.example.com'],
      '--socket-url: expected a ws or wss URL, found "https://fanfare.example.com"',
    ],
    [
      ['tail', 'user:alice', '--socket-url', 'wss://fanfare.example.com/ws'],
      'a token for wss://fanfare.example.com/ws is needed: --token or FANFARE_TOKEN',
    ],
    [
      ['tail', 'user:alice', '-n', '0'],
      "option '-n, --count <n>' argument '0' is invalid. expected a whole number from 1",
    ],
    [['notfy'], "unknown command 'notfy' (Did you mean notify?)"],
  ])('%j', async (args, line) => {
    const outcome = await cli.run(args);
    expect(complaintOf(outcome)).toBe(`fanfare: ${line}`);
    expect(outcome.code).toBe(2);
  });

  test.concurrent('--data that is no JSON', async () => {
    const outcome = await cli.run(['notify', 'user:alice', ...TITLE, '--data', '{orderId:42}']);
    expect(complaintOf(outcome)).toMatch(/^fanfare: --data: expected JSON; .*position 1/);
    expect(outcome.code).toBe(2);
  });
});

describe('--help', () => {
  test.concurrent.each([
    ['dev', ['--port', '--host', '--quotas', 'FANFARE_PORT', 'FANFARE_HOST']],
    ['token', ['--user', '--allow', '--admin', '--expires', 'FANFARE_SECRET']],
    [
      'notify',
      ['--title', '--body', '--data', '--category', '--priority', '--key', '--json', '--url', '--token'],
    ],
    ['load', ['--connections', '--rate', '--for', '--ramp', '--max-p99', '--max-lost', '--json', '--url']],
    ['redrive', ['--limit', '--dry-run', '--json', '--url', '--token']],
    ['tail', ['--count', '--url', '--socket-url', '--token', 'FANFARE_URL', 'FANFARE_TOKEN']],
  ])('of %s tells its options', async (command, options) => {
    const { code, stdout, stderr } = await cli.run([command, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const option of options) expect(stdout).toContain(option);
  });

  test.concurrent('tells the commands and the exit codes', async () => {
    const { code, stdout, stderr } = await cli.run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of ['dev', 'token', 'notify', 'tail', 'load', 'Exit codes'])
      expect(stdout).toContain(command);
  });

  test.concurrent('is shown where no command is given: exit code 2', async () => {
    const { code, stdout, stderr } = await cli.run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: fanfare');
  });
});

describe('A server that does not answer', () => {
  const url = 'https://fanfare.example.com';

  test('is told with the cause in the words of the system', () => {
    const refused = new TypeError('fetch failed', {
      cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
    });
    expect(unreachable(url, refused).message).toBe(`no server answers at ${url} (ECONNREFUSED)`);
  });

  test('in time is told as such, not by a number', () => {
    const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    expect(unreachable(url, timeout).message).toBe(`no server answers at ${url} (${timeout.message})`);
  });
});
