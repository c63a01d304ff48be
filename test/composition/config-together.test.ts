import { describe, expect, test } from 'vitest';
import { makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { problemsOf, SECRET } from './problems.ts';

describe('What belongs together', () => {
  const id = { FANFARE_MANAGEMENT_ACCESS_KEY_ID: 'id' };
  const key = { FANFARE_MANAGEMENT_SECRET_ACCESS_KEY: 'key' };
  const jwks = { FANFARE_JWKS_URL: 'https://id.example.com/jwks.json' };

  test('the credentials of the management API are both there', () => {
    expect(loadConfig({ ...id, ...key }).management).toEqual({ accessKeyId: 'id', secretAccessKey: 'key' });
  });

  test.each([
    ['FANFARE_MANAGEMENT_SECRET_ACCESS_KEY', id],
    ['FANFARE_MANAGEMENT_ACCESS_KEY_ID', key],
  ])('or it is told which is missing: %s', (missing, env) => {
    const [other] = Object.keys(env);
    expect(problemsOf(env)).toEqual([`${missing}: expected together with ${other}, found nothing`]);
  });

  test.each([
    ['FANFARE_SECRET', { FANFARE_SECRET: SECRET }],
    ['FANFARE_SECRET_FILE', { FANFARE_SECRET_FILE: '/run/secret' }],
  ])('keys at a URL and a secret do not: %s would be ignored in silence', (name, secret) => {
    expect(problemsOf({ ...jwks, ...secret })).toEqual([
      `FANFARE_JWKS_URL: expected without ${name}; tokens are verified by one or the other`,
    ]);
  });

  test('a folder and a database server do not', () => {
    const both = { FANFARE_DATA: './data', FANFARE_POSTGRES_URL: 'postgres://db/fanfare' };
    expect(problemsOf(both)).toEqual([
      'FANFARE_DATA: expected without FANFARE_POSTGRES_URL; data is kept by one or the other',
    ]);
  });

  test.each([
    ['postgres://u:hidden@db.example.com/fanfare', 1],
    ['postgres://u:hidden@db.example.com/fanfare?sslmode=no-verify', 1],
    ['postgres://u:hidden@db.example.com/fanfare?sslmode=verify-full', 0],
    ['postgres://u:hidden@127.0.0.1/fanfare', 0],
  ])('in production, a database across a network is reached by verified TLS: %s', (url, problems) => {
    const env = { NODE_ENV: 'production', FANFARE_SECRET: SECRET, FANFARE_POSTGRES_URL: url };
    expect(problems === 0 ? loadConfig(env).storage.kind : problemsOf(env)).toEqual(
      problems === 0
        ? 'postgres'
        : ['FANFARE_POSTGRES_URL: expected with sslmode=verify-full with NODE_ENV=production'],
    );
  });

  test("a database's password is not printed when its URL is wrong", () => {
    expect(problemsOf({ FANFARE_POSTGRES_URL: 'mysql://u:hidden@db/fanfare' })).toEqual([
      'FANFARE_POSTGRES_URL: expected a URL such as postgres://user:password@host:5432/database, found 27 characters',
    ]);
  });

  test.each([
    ['valkey://u:hidden@cache.example.com', 1],
    ['rediss://u:hidden@cache.example.com', 0],
    ['valkeys://u:hidden@cache.example.com:6380/2', 0],
    ['valkey://127.0.0.1', 0],
  ])('in production, a Valkey across a network is reached by TLS: %s', (url, problems) => {
    const env = { NODE_ENV: 'production', FANFARE_SECRET: SECRET, FANFARE_VALKEY_URL: url };
    expect(problems === 0 ? loadConfig(env).valkeyUrl?.href : problemsOf(env)).toEqual(
      problems === 0 ? url : ['FANFARE_VALKEY_URL: expected valkeys:// with NODE_ENV=production'],
    );
  });

  test.each([
    'http://u:hidden@cache',
    'valkey:cache',
    'valkeys://u:hidden@cache/name',
    'valkeys://cache?tls=false',
  ])('a URL that is none of Valkey is told without its password: %s', url => {
    expect(problemsOf({ FANFARE_VALKEY_URL: url })).toEqual([
      `FANFARE_VALKEY_URL: expected a URL such as valkeys://user:password@host:6379, found ${url.length} characters`,
    ]);
  });

  test('keys of VAPID are there with a subject, and are a pair', () => {
    const keys = makeVapidKeys();
    const env = {
      FANFARE_VAPID_SUBJECT: 'mailto:push@example.com',
      FANFARE_VAPID_PUBLIC_KEY: keys.publicKey,
      FANFARE_VAPID_PRIVATE_KEY: keys.privateKey,
    };
    const hosts = ['push.example.com', '*.example.org:8443'];
    expect(loadConfig({ ...env, FANFARE_WEB_PUSH_HOSTS: hosts.join(', ') }).webPush).toEqual({
      vapid: { subject: 'mailto:push@example.com', ...keys },
      hosts,
    });
    const other = makeVapidKeys().privateKey;
    const mixed = problemsOf({ ...env, FANFARE_VAPID_PRIVATE_KEY: other });
    expect(mixed).toEqual([expect.stringMatching(/^FANFARE_VAPID_PRIVATE_KEY: expected the one of/)]);
    expect(mixed.join()).not.toContain(other);
    expect(problemsOf({ ...env, FANFARE_VAPID_SUBJECT: undefined })).toEqual([
      'FANFARE_VAPID_SUBJECT: expected together with FANFARE_VAPID_PUBLIC_KEY, found nothing',
    ]);
    expect(problemsOf({ FANFARE_WEB_PUSH_HOSTS: 'push.example.com' })).toHaveLength(1);
  });

  test('several such problems are told at once', () => {
    expect(problemsOf({ ...id, ...jwks, FANFARE_SECRET: SECRET })).toHaveLength(2);
  });

  test('a reader is never closed before it is throttled', () => {
    expect(() => loadConfig({ FANFARE_SLOW_READER_THROTTLE_BYTES: '8000000' })).toThrow(
      'FANFARE_SLOW_READER_CLOSE_BYTES: expected at least FANFARE_SLOW_READER_THROTTLE_BYTES (8000000), found 4194304',
    );
  });
});
