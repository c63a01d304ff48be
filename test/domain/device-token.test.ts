import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requireToken } from '../../src/domain/device-token.ts';

const APPLE = '0123456789abcdef'.repeat(4);
const GOOGLE = `dQw4w9WgXcQ_abcdefghij:APA91b${'H-x_9'.repeat(26)}`;
const KEYS = { p256dh: `B${'a'.repeat(86)}`, auth: 'b'.repeat(22) };
const subscription = (changes: object = {}): string =>
  JSON.stringify({ endpoint: 'https://push.example.com/send/1', keys: KEYS, ...changes });

const TOKENS = { apns: APPLE, apns_sandbox: APPLE, fcm: GOOGLE, webpush: subscription() } as const;
const PLATFORMS = Object.keys(TOKENS) as (keyof typeof TOKENS)[];

const complaint = (platform: keyof typeof TOKENS, token: string) => {
  try {
    return requireToken(platform, token);
  } catch (error) {
    return error;
  }
};

describe('A token', () => {
  test.each(PLATFORMS)('of its own platform is taken: %s', platform => {
    expect(requireToken(platform, TOKENS[platform])).toBe(TOKENS[platform]);
  });

  test.each(
    PLATFORMS.flatMap(platform =>
      PLATFORMS.filter(other => TOKENS[other] !== TOKENS[platform]).map(other => [platform, other] as const),
    ),
  )('is refused for the platform %s when it is one of %s', (platform, other) => {
    expect(complaint(platform, TOKENS[other])).toMatchObject({ code: 'invalid', field: 'token' });
  });

  test('of Apple is one whatever letters it is written in', () => {
    expect(requireToken('apns', APPLE.toUpperCase())).toBe(APPLE);
  });

  test('of Google may be of the first generation', () => {
    const token = `APA91b${'x_Y-z'.repeat(28)}`;
    expect(requireToken('fcm', token)).toBe(token);
  });

  test.each([
    ['apns', APPLE.slice(1)],
    ['apns', `${'0'.repeat(201)}`],
    ['apns', `<${APPLE.slice(2)}>`],
    ['apns', `${APPLE}\n`],
    ['fcm', ''],
    ['fcm', `${GOOGLE} `],
    ['fcm', `${GOOGLE}\r\nX-Header: 1`],
    ['fcm', `${GOOGLE}'; DROP TABLE device; --`],
    ['fcm', 'a'.repeat(5_000)],
  ] as const)('that is not of the shape is refused: %s %j', (platform, token) => {
    expect(complaint(platform, token)).toMatchObject({ code: 'invalid', field: 'token' });
  });
});

describe('A subscription', () => {
  test('is kept as its endpoint and keys, however it was written', () => {
    const written = JSON.stringify({ expirationTime: null, keys: { auth: KEYS.auth, p256dh: KEYS.p256dh } });
    const token = `${written.slice(0, -1)}, "endpoint": "https://push.example.com/send/1"}`;
    expect(requireToken('webpush', token)).toBe(subscription());
  });

  test.each([
    ['a PushSubscription as JSON', 'null'],
    ['a PushSubscription as JSON', '[]'],
    ['a PushSubscription as JSON', '{'],
    [
      'a PushSubscription as JSON',
      subscription({ endpoint: `https://push.example.com/${'x'.repeat(5_000)}` }),
    ],
    ['endpoint', subscription({ endpoint: undefined })],
    ['endpoint', subscription({ endpoint: 'http://push.example.com/send/1' })],
    ['endpoint', subscription({ endpoint: 'https://user:word@push.example.com/send/1' })],
    ['endpoint', subscription({ endpoint: 'push.example.com' })],
    ['keys.p256dh', subscription({ keys: undefined })],
    ['keys.p256dh', subscription({ keys: { ...KEYS, p256dh: KEYS.p256dh.slice(1) } })],
    ['keys.p256dh', subscription({ keys: { ...KEYS, p256dh: `A${KEYS.p256dh.slice(1)}` } })],
    ['keys.auth', subscription({ keys: { ...KEYS, auth: `${KEYS.auth}==` } })],
    ['keys.auth', subscription({ keys: { ...KEYS, auth: 7 } })],
  ])('that cannot be pushed to is refused, naming %s', (expected, token) => {
    const error = complaint('webpush', token);
    expect(error).toMatchObject({ code: 'invalid', field: 'token' });
    expect((error as Error).message).toContain(expected);
  });
});

test('whatever else is said is refused in words that do not repeat it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PLATFORMS), fc.string({ minLength: 12 }), (platform, token) => {
      const error = complaint(platform, token);
      expect(error).toMatchObject({ code: 'invalid', field: 'token' });
      expect((error as Error).message).not.toContain(token);
    }),
  );
});
