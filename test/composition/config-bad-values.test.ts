import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/composition/config.ts';
import { problemsOf } from './problems.ts';

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
