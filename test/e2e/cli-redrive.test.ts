import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signToken } from '../../src/adapters/jose/token-signer.ts';
import { composeLocal } from '../../src/composition/compose-local.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { resolve } from '../../src/composition/injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../../src/composition/tokens.ts';
import type { DeliveryJob } from '../../src/domain/delivery.ts';
import { aChannel, aJob, aMessage } from '../support/builders.ts';
import { Cli, complaintOf } from '../support/cli.ts';

const SECRET = 'a secret that only this test run knows about';

let cli: Cli;
let server: Server;
let env: Record<string, string>;
/** What delivery is given, in place of sockets that nobody can make fail for minutes. */
let given: DeliveryJob[];
let deadLetter: (count: number) => Promise<void>;

const tokenFor = (admin: boolean) =>
  signToken(SECRET, { user: 'ann', admin, allow: {}, expiresInMs: 60_000 }, Date.now());

beforeEach(async () => {
  const config = loadConfig({ FANFARE_SECRET: SECRET, FANFARE_LOG_LEVEL: 'silent' });
  const container = composeLocal(config, { kind: 'secret', secret: SECRET });
  const queue = resolve(container, LOCAL_TOKENS.queue);
  given = [];
  queue.consume(async job => {
    given.push(job);
  });
  const message = aMessage({ channel: aChannel('user:alice'), offset: 7 });
  deadLetter = async count => {
    for (let n = 0; n < count; n += 1) await queue.deadLetter(aJob({ message, attempt: 5 }), 'throttled (1)');
  };
  server = createServer(getRequestListener(resolve(container, TOKENS.httpApp).fetch));
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  env = { FANFARE_URL: url, FANFARE_TOKEN: await tokenFor(true) };
  cli = new Cli();
});
afterEach(async () => {
  await cli.end();
  server.closeAllConnections();
  await new Promise(closed => server.close(closed));
});

describe('fanfare redrive', () => {
  test('puts every dead letter back, however many, and says how many they were', async () => {
    await deadLetter(203);
    expect(await cli.run(['redrive'], env)).toEqual({ code: 0, stdout: '{"redriven":203}\n', stderr: '' });
    expect(given).toHaveLength(203);
    expect(given.every(({ attempt }) => attempt === 0)).toBe(true);
    expect((await cli.run(['redrive'], env)).stdout).toBe('{"redriven":0}\n');
  });

  test('puts no more back than --limit', async () => {
    await deadLetter(3);
    expect((await cli.run(['redrive', '--limit', '2'], env)).stdout).toBe('{"redriven":2}\n');
    expect(given).toHaveLength(2);
  });

  test('shows with --dry-run what it would put back, and why it was given up, and leaves it there', async () => {
    await deadLetter(2);
    const { stdout, code } = await cli.run(['redrive', '--dry-run', '-n', '1'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      deadLetters: [
        {
          id: expect.any(String),
          channel: 'user:alice',
          messageId: expect.any(String),
          epoch: 'epoch-1',
          offset: 7,
          connections: 1,
          cause: 'throttled (1)',
          failedAt: expect.stringMatching(/Z$/),
        },
      ],
      complete: false,
    });
    expect(given).toEqual([]);
    expect((await cli.run(['redrive'], env)).stdout).toBe('{"redriven":2}\n');
  });

  test('is for admins, and says so in one line', async () => {
    await deadLetter(1);
    for (const args of [['redrive'], ['redrive', '--dry-run']]) {
      const outcome = await cli.run(args, { ...env, FANFARE_TOKEN: await tokenFor(false) });
      expect(complaintOf(outcome)).toBe('fanfare: expected an admin token');
      expect(outcome.code).toBe(1);
    }
    expect(given).toEqual([]);
  });

  test.each(['0', '-1', 'all'])('refuses --limit %s', async limit => {
    const outcome = await cli.run(['redrive', '--limit', limit], env);
    expect(complaintOf(outcome)).toMatch(/expected a whole number from 1 to 999999/);
    expect(outcome.code).toBe(2);
  });
});
