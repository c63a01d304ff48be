import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AWS_QUOTAS, NO_QUOTAS } from '../../src/adapters/local/gateway/quotas.ts';
import { makeVapidKeys } from '../../src/adapters/web-push/vapid.ts';
import { loadConfig } from '../../src/composition/config.ts';
import { ConfigError } from '../../src/composition/config-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What stops the start, one line per problem; none where it may start. */
const problemsOf = (env: Env): readonly string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

const SECRET = 'x'.repeat(32);

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

describe('A bad value', () => {
  test.each([
    ['HOST', '', 'an address to bind to'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '80.5', 'a whole number from 0 to 65535'],
    ['PORT', '', 'a whole number from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'one of debug, info, warn, error, silent'],
    ['SECRET_FILE', '', 'a path'],
    ['JWKS_URL', 'ftp://keys', 'an http or https URL'],
    ['TOKEN_IN_QUERY', 'yes', 'one of true, false'],
    [
      'CORS_ORIGINS',
      'https://a.example/path',
      'origins such as https://app.example.com, separated by commas, or *',
    ],
    ['QUOTAS', 'some', 'one of aws, none'],
    ['QUOTA_IDLE_SECONDS', '0', 'a whole number from 1 to 1000000000'],
    ['SLOW_READER_CLOSE_SECONDS', '1h', 'a whole number from 1 to 86400'],
    ['RETENTION_HOURS', '8761', 'a whole number from 1 to 8760'],
    ['TRAIL_RETENTION_HOURS', '0', 'a whole number from 1 to 87600'],
    ['DATA', '', 'a path'],
    ['POSTGRES_SCHEMA', 'Fan-fare', 'up to 63 of a-z 0-9 _, not beginning with a digit'],
    ['POSTGRES_POOL_SIZE', '0', 'a whole number from 1 to 1000'],
    ['VAPID_SUBJECT', 'push@example.com', 'a mailto: or https: URL'],
    ['VAPID_PUBLIC_KEY', 'B', '65 bytes of base64url without padding'],
    [
      'WEB_PUSH_HOSTS',
      'https://push.example.com',
      'hosts such as push.example.com or *.example.com, separated by commas',
    ],
    ['URL', 'localhost:8080', 'an http or https URL'],
    ['SOCKET_URL', 'https://localhost:8080', 'a ws or wss URL'],
  ])('is told by its name, what was expected and what was found: FANFARE_%s=%s', (name, value, expected) => {
    const line = `FANFARE_${name}: expected ${expected}, found ${JSON.stringify(value)}`;
    expect(problemsOf({ [`FANFARE_${name}`]: value })).toEqual([line]);
  });

  test('does not hide the others: all are told at once, unknown names among them', () => {
    const env = { FANFARE_PROT: '1', FANFARE_PORT: 'abc', FANFARE_QUOTAS: 'x', FANFARE_SECRET: 'short' };
    expect(problemsOf(env)).toEqual([
      'FANFARE_PROT: there is no such variable; see docs/configuration.md',
      'FANFARE_PORT: expected a whole number from 0 to 65535, found "abc"',
      'FANFARE_SECRET: expected at least 32 characters, found 5 characters',
      'FANFARE_QUOTAS: expected one of aws, none, found "x"',
    ]);
  });

  test.each([
    'SECRET',
    'MANAGEMENT_SECRET_ACCESS_KEY',
    'TOKEN',
    'POSTGRES_URL',
    'VALKEY_URL',
    'VAPID_PRIVATE_KEY',
  ])('of %s is never told', name => {
    const values = fc.string({ maxLength: 29 }).map(text => `<${text}>`);
    fc.assert(
      fc.property(values, value => {
        const told = problemsOf({ [`FANFARE_${name}`]: value, FANFARE_UNKNOWN: value }).join();
        expect(told).toContain('FANFARE_UNKNOWN');
        expect(told).not.toContain(value);
      }),
    );
  });

  test('of a port is anything but a whole number from 0 to 65535', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.integer({ min: -100, max: 70_000 }).map(String),
      fc.double().map(String),
      fc.bigInt().map(String),
    );
    fc.assert(
      fc.property(anything, value => {
        const valid = /^\d+$/.test(value) && Number(value) <= 65_535;
        const problems = problemsOf({ FANFARE_PORT: value });
        if (valid) expect(loadConfig({ FANFARE_PORT: value }).port).toBe(Number(value));
        const found = JSON.stringify(value);
        const line = `FANFARE_PORT: expected a whole number from 0 to 65535, found ${found}`;
        expect(problems).toEqual(valid ? [] : [line]);
      }),
      { examples: [['9'.repeat(400)]] },
    );
  });
});

describe('An unknown name', () => {
  test.each(['PROT', 'port', '', 'constructor', 'toString', '__proto__'])(
    'is a problem: FANFARE_%s',
    name => {
      const line = `FANFARE_${name}: there is no such variable; see docs/configuration.md`;
      expect(problemsOf({ [`FANFARE_${name}`]: '1' })).toEqual([line]);
    },
  );
});

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

describe('Rules for channels', () => {
  const load = (rules: unknown) =>
    loadConfig({ FANFARE_CHANNELS: typeof rules === 'string' ? rules : JSON.stringify(rules) }).channels;

  test('say what is kept, who may publish, what fits and how fast', () => {
    const [rule] = load([
      {
        pattern: 'room:*',
        retention: { messages: 10, hours: 2 },
        history: false,
        publish: 'admin',
        presence: true,
        rate: { perSecond: 5, burst: 10 },
        schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
      },
    ]);
    expect(rule).toMatchObject({
      pattern: 'room:*',
      retention: { maxMessages: 10, maxAgeMs: 7_200_000 },
      history: false,
      publish: 'admin',
      presence: true,
      rate: { perSecond: 5, burst: 10 },
    });
    expect(rule?.check?.({ text: 'fits' })).toBeUndefined();
    expect(rule?.check?.({ text: 7 })).toMatchObject({ field: 'data.text' });
    expect(rule?.check?.('text')).toMatchObject({ field: 'data' });
  });

  test.each([
    ['what is no JSON', 'room:*', 'FANFARE_CHANNELS: expected a JSON array of rules, found "room:*"'],
    ['an object', '{}', 'FANFARE_CHANNELS: expected a JSON array of rules, found "{}"'],
    [
      'an unknown option',
      [{ pattern: 'room:*', presense: true }],
      'FANFARE_CHANNELS[0].presense: unknown field',
    ],
    [
      'a bad pattern',
      [{ pattern: '*:lobby' }],
      'FANFARE_CHANNELS[0].pattern: a channel, or a prefix of channels that ends in *',
    ],
    ['no time at all', [{ pattern: 'a*', retention: { hours: 0 } }], 'FANFARE_CHANNELS[0].retention.hours'],
    [
      'a schema that is none',
      [{ pattern: 'a*', schema: { type: 'objekt' } }],
      'FANFARE_CHANNELS[0].schema: a JSON Schema',
    ],
  ])('that are %s stop the start', (_, rules, problem) => {
    expect(() => load(rules)).toThrow(problem);
  });
});
