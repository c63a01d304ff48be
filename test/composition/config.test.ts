import { describe, expect, test } from 'vitest';
import { AWS_QUOTAS, NO_QUOTAS } from '../../src/adapters/local/gateway/quotas.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { problemsOf, SECRET } from './problems.ts';

describe('Without a word from the environment', () => {
  test('the server is for this machine only, under the quotas of API Gateway', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'warn',
      auth: { tokenInQuery: true },
      corsOrigins: [],
      quotas: AWS_QUOTAS,
      retention: { maxMessages: 1_000, maxAgeMs: 86_400_000 },
      trail: { keptMs: 30 * 86_400_000 },
      management: undefined,
      client: { url: undefined, token: undefined },
    });
  });

  test('the trail is kept for as long as is said', () => {
    expect(loadConfig({ FANFARE_TRAIL_RETENTION_HOURS: '2' }).trail).toEqual({ keptMs: 7_200_000 });
  });

  test('what is not ours is ignored', () => {
    expect(loadConfig({ PORT: 'abc', PATH: '/bin', fanfare_port: '1' }).port).toBe(8080);
  });
});

describe('In production', () => {
  const production = { NODE_ENV: 'production', FANFARE_SECRET: SECRET };

  test('logs say more, and a token in the query is not taken', () => {
    expect(loadConfig(production)).toMatchObject({ logLevel: 'info', auth: { tokenInQuery: false } });
  });

  test('both may be said otherwise', () => {
    const config = loadConfig({
      ...production,
      FANFARE_LOG_LEVEL: 'error',
      FANFARE_TOKEN_IN_QUERY: 'true',
    });
    expect(config).toMatchObject({ logLevel: 'error', auth: { tokenInQuery: true } });
  });

  test.each(['FANFARE_SECRET', 'FANFARE_SECRET_FILE'])(
    'a secret of its own is needed, and %s is one',
    name => {
      expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
        'FANFARE_SECRET: expected with NODE_ENV=production (or FANFARE_JWKS_URL), found nothing',
      ]);
      expect(problemsOf({ NODE_ENV: 'production', [name]: SECRET })).toEqual([]);
    },
  );

  test('or the keys of an identity provider', () => {
    const url = 'https://id.example.com/jwks.json';
    expect(loadConfig({ NODE_ENV: 'production', FANFARE_JWKS_URL: url }).auth.jwksUrl?.href).toBe(url);
  });
});

describe('Quotas', () => {
  test('are lifted by QUOTAS=none', () => {
    expect(loadConfig({ FANFARE_QUOTAS: 'none' }).quotas).toEqual(NO_QUOTAS);
  });

  test.each([
    ['MESSAGE_BYTES', '2048', { messageBytes: 2_048 }],
    ['FRAME_BYTES', '1024', { frameBytes: 1_024 }],
    ['IDLE_SECONDS', '5', { idleMs: 5_000 }],
    ['LIFE_SECONDS', '60', { lifeMs: 60_000 }],
    ['CONNECTS_PER_SECOND', '7', { connects: { ...AWS_QUOTAS.connects, perSecond: 7 } }],
    ['CONNECTS_BURST', '9', { connects: { ...AWS_QUOTAS.connects, burst: 9 } }],
    ['MANAGEMENT_PER_SECOND', '3', { managementCalls: { ...AWS_QUOTAS.managementCalls, perSecond: 3 } }],
    ['MANAGEMENT_BURST', '4', { managementCalls: { ...AWS_QUOTAS.managementCalls, burst: 4 } }],
  ])('may be set one by one: QUOTA_%s', (name, value, set) => {
    expect(loadConfig({ [`FANFARE_QUOTA_${name}`]: value }).quotas).toEqual({ ...AWS_QUOTAS, ...set });
  });

  test('that are set one by one win over QUOTAS', () => {
    const env = { FANFARE_QUOTAS: 'none', FANFARE_QUOTA_IDLE_SECONDS: '5' };
    expect(loadConfig(env).quotas).toEqual({ ...NO_QUOTAS, idleMs: 5_000 });
  });
});
