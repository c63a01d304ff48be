import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cli, complaintOf } from '../support/cli.ts';

let cli: Cli;
beforeAll(() => {
  cli = new Cli();
});
afterAll(() => cli.end());

const PORT = 'expected a whole number from 0 to 65535, found "abc"';

describe('fanfare dev does not start, and says why in one line', () => {
  test.concurrent.each([
    [
      'an unknown variable',
      { FANFARE_PROT: '1' },
      'FANFARE_PROT: there is no such variable; see docs/configuration.md',
    ],
    ['a bad variable', { FANFARE_PORT: 'abc' }, `FANFARE_PORT: ${PORT}`],
    [
      'production without a secret',
      { NODE_ENV: 'production' },
      'FANFARE_SECRET: expected with NODE_ENV=production (or FANFARE_JWKS_URL), found nothing',
    ],
  ])('with %s', async (_, env, line) => {
    const outcome = await cli.run(['dev'], env as unknown as Record<string, string>);
    expect(complaintOf(outcome)).toBe(`fanfare: ${line}`);
    expect(outcome.code).toBe(2);
  });

  test.concurrent.each([
    ['--host', '', '--host: expected an address to bind to, found ""'],
    ['--host', '192.0.2.1', '192.0.2.1 is no address of this machine'], // TEST-NET-1, RFC 5737
    [
      '--quotas',
      'some',
      "option '--quotas <which>' argument 'some' is invalid. Allowed choices are aws, none.",
    ],
  ])('with %s %j', async (option, value, line) => {
    const outcome = await cli.run(['dev', '--port', '0', option, value]);
    expect(complaintOf(outcome)).toBe(`fanfare: ${line}`);
    expect(outcome.code).toBe(2);
  });

  test.concurrent('and names a bad option as it was given, though the environment has a good value', async () => {
    const outcome = await cli.run(['dev', '--port', 'abc'], { FANFARE_PORT: '0' });
    expect(complaintOf(outcome)).toBe(`fanfare: --port: ${PORT}`);
  });

  test.concurrent('with a secret that others may read', async () => {
    const open = new Cli();
    await open.run(['token', '--admin']);
    chmodSync(open.secretFile, 0o644);
    const outcome = await open.run(['dev', '--port', '0']);
    await open.end();
    expect(complaintOf(outcome)).toBe(
      `fanfare: FANFARE_SECRET_FILE: ${open.secretFile}: expected a file that only its owner may read (chmod 600), found mode 0644`,
    );
    expect(outcome.code).toBe(2);
  });

  test.concurrent('on a port that is taken', async () => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const outcome = await cli.run(['dev', '--port', `${port}`]);
    await new Promise(resolve => other.close(resolve));
    expect(complaintOf(outcome)).toBe(
      `fanfare: port ${port} on 127.0.0.1 is taken; choose another with --port, or end what listens there`,
    );
    expect(outcome.code).toBe(1);
  });
});

describe('What is wrong', () => {
  test.concurrent('is told all at once, a line each', async () => {
    const env = { FANFARE_PROT: '1', FANFARE_LOG_LEVEL: 'loud', FANFARE_SECRET: 'hunter2' };
    const { code, stdout, stderr } = await cli.run(['dev', '--port', 'abc'], env);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'fanfare: FANFARE_PROT: there is no such variable; see docs/configuration.md',
      `fanfare: --port: ${PORT}`,
      'fanfare: FANFARE_LOG_LEVEL: expected one of debug, info, warn, error, silent, found "loud"',
      'fanfare: FANFARE_SECRET: expected at least 32 characters, found 7 characters',
    ]);
    expect([code, stdout]).toEqual([2, '']);
  });
});
