import { readFileSync, statSync } from 'node:fs';
import { decodeJwt, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cli, complaintOf } from '../support/cli.ts';

let cli: Cli;
beforeEach(() => {
  cli = new Cli();
});
afterEach(() => cli.end());

const SECRET = 'a secret of this test, long enough';
const verify = (token: string, secret: string) => jwtVerify(token, new TextEncoder().encode(secret));
const keptSecret = (): string => readFileSync(cli.secretFile, 'utf8').trim();

describe('fanfare token', () => {
  test('prints a token of what was asked for, and nothing else', async () => {
    const rights = ['--allow', 'room:*=subscribe,publish', '--allow', 'topic:news=history'];
    const args = ['token', '--user', 'alice', ...rights, '--expires', '15m'];
    const { code, stdout, stderr } = await cli.run(args, { FANFARE_SECRET: SECRET });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { payload, protectedHeader } = await verify(stdout.trim(), SECRET);
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload).toEqual({
      sub: 'alice',
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 900,
      fanfare: { admin: false, allow: { 'room:*': ['subscribe', 'publish'], 'topic:news': ['history'] } },
    });
    expect(Math.abs((payload.iat ?? 0) - Date.now() / 1_000)).toBeLessThan(20);
  });

  test('of an admin may do everything, for an hour unless told otherwise', async () => {
    const { stdout } = await cli.run(['token', '--admin'], { FANFARE_SECRET: SECRET });
    const { sub, fanfare, iat = 0, exp } = decodeJwt(stdout);
    expect({ sub, fanfare, exp }).toEqual({
      sub: 'admin',
      fanfare: { admin: true, allow: {} },
      exp: iat + 3_600,
    });
  });

  test('carries the issuer and the audience that the server expects', async () => {
    const env = {
      FANFARE_SECRET: SECRET,
      FANFARE_JWT_ISSUER: 'https://id.example.com',
      FANFARE_JWT_AUDIENCE: 'fanfare',
    };
    const { stdout } = await cli.run(['token', '--user', 'alice'], env);
    expect(decodeJwt(stdout)).toMatchObject({ iss: 'https://id.example.com', aud: 'fanfare' });
  });

  test('allows all that is said of a pattern, however often it is named', async () => {
    const rights = ['--allow', 'room:*=subscribe', '--allow', 'room:*=publish,subscribe'];
    const { stdout } = await cli.run(['token', '--user', 'alice', ...rights], { FANFARE_SECRET: SECRET });
    expect(decodeJwt(stdout).fanfare).toEqual({
      admin: false,
      allow: { 'room:*': ['subscribe', 'publish'] },
    });
  });
});

describe('The secret that signs it', () => {
  test('is made at the first need, for its owner only, and that is told beside the token', async () => {
    const first = await cli.run(['token', '--admin']);
    expect(first.stderr).toBe(`A secret was made and is kept in ${cli.secretFile}; only you can read it.\n`);
    expect(statSync(cli.secretFile).mode & 0o777).toBe(0o600);
    const second = await cli.run(['token', '--admin']);
    expect(second.stderr).toBe('');
    for (const { stdout } of [first, second]) await verify(stdout.trim(), keptSecret());
  });

  test('is one, though two need it first at the same moment', async () => {
    const outcomes = await Promise.all([cli.run(['token', '--admin']), cli.run(['token', '--admin'])]);
    for (const { stdout } of outcomes) await verify(stdout.trim(), keptSecret());
    expect(outcomes.filter(({ stderr }) => stderr !== '')).toHaveLength(1);
  });

  test('is asked for in production rather than made', async () => {
    const outcome = await cli.run(['token', '--admin'], { NODE_ENV: 'production' });
    expect(complaintOf(outcome)).toContain('FANFARE_SECRET: expected with NODE_ENV=production');
    expect(outcome.code).toBe(2);
  });

  test('is not ours where an identity provider signs', async () => {
    const outcome = await cli.run(['token', '--admin'], {
      FANFARE_JWKS_URL: 'https://id.example.com/jwks.json',
    });
    expect(complaintOf(outcome)).toBe(
      'fanfare: FANFARE_JWKS_URL is set: tokens come from your identity provider',
    );
    expect(outcome.code).toBe(2);
  });
});

describe('fanfare token is refused, with the option, what was expected and what was found,', () => {
  const ALLOW =
    "--allow: expected a pattern, = and any of subscribe,publish,presence,history, such as 'room:*=subscribe,publish'; found";
  const EXPIRES = '--expires: expected such as 90s, 15m, 1h or 7d; found';

  test.each([
    [[], '--user: expected whose token it is'],
    [['--user', 'a b'], '--user: expected 1 to 128 of A-Z a-z 0-9 . _ @ + = -; found "a b"'],
    [['--admin', '--allow', 'room:*=destroy'], `${ALLOW} "room:*=destroy"`],
    [['--admin', '--expires', 'soon'], `${EXPIRES} "soon"`],
  ])('for %j', async (args, line) => {
    const outcome = await cli.run(['token', ...args]);
    expect(complaintOf(outcome)).toBe(`fanfare: ${line}`);
    expect(outcome.code).toBe(2);
  });
});
