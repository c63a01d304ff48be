import type { Platform } from './device.ts';
import { FanfareError } from './errors.ts';

/** 32 bytes so far; Apple asks not to rely on their length. */
const APNS = /^[0-9a-f]{64,200}$/i;
/** Firebase documents no shape; what it gives out is an installation's id, a colon and some 140 characters. */
const FCM = /^[A-Za-z0-9_-]{8,64}:[A-Za-z0-9_-]{64,4000}$/;
/** The first generation's, without an installation; longer than any of Apple's in use, and never all hexadecimal. */
const FCM_BEFORE = /^(?![0-9a-f]+$)[A-Za-z0-9_-]{100,4000}$/i;
/** A point of P-256, uncompressed (65 bytes, the first of which is 4), and 16 bytes, as RFC 8291 has them. */
const P256DH = /^B[A-Za-z0-9_-]{86}$/;
const AUTH = /^[A-Za-z0-9_-]{22}$/;

const MAX_SUBSCRIPTION_LENGTH = 4_096;

/**
 * The token as it is stored, so that one installation has one: hexadecimal digits in small letters, and of a
 * subscription its endpoint and keys alone.
 *
 * @throws FanfareError `invalid` for the field `token`, when no device of this platform has such a one
 */
export const requireToken = (platform: Platform, token: string): string => {
  switch (platform) {
    case 'apns':
    case 'apns_sandbox':
      if (APNS.test(token)) return token.toLowerCase();
      throw unfit(platform, 'the device token of Apple as 64 to 200 hexadecimal digits');
    case 'fcm':
      if (FCM.test(token) || FCM_BEFORE.test(token)) return token;
      throw unfit(platform, 'a registration token of Firebase, 100 characters or more of A-Z a-z 0-9 _ - :');
    case 'webpush':
      return subscriptionOf(token);
  }
};

const subscriptionOf = (token: string): string => {
  const subscription = parsed(token);
  const { endpoint, keys } = subscription;
  if (typeof endpoint !== 'string' || !isPlainHttps(endpoint)) {
    throw unfit('webpush', 'a subscription whose endpoint is an https URL');
  }
  const { p256dh, auth } = isRecord(keys) ? keys : {};
  if (!matches(P256DH, p256dh)) {
    throw unfit('webpush', 'a subscription whose keys.p256dh is 65 bytes of base64url without padding');
  }
  if (!matches(AUTH, auth)) {
    throw unfit('webpush', 'a subscription whose keys.auth is 16 bytes of base64url without padding');
  }
  return JSON.stringify({ endpoint, keys: { p256dh, auth } });
};

const parsed = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = token.length > MAX_SUBSCRIPTION_LENGTH ? undefined : JSON.parse(token);
    if (isRecord(value)) return value;
  } catch {
    // It is told below, as any other text that is no subscription.
  }
  throw unfit('webpush', `a PushSubscription as JSON, up to ${MAX_SUBSCRIPTION_LENGTH} characters`);
};

/** Without credentials, which would be sent to whoever answers there. */
const isPlainHttps = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const matches = (pattern: RegExp, value: unknown): value is string =>
  typeof value === 'string' && pattern.test(value);

/** The token itself is never told: whoever has it can wake the device. */
const unfit = (platform: Platform, expected: string): FanfareError =>
  new FanfareError('invalid', `expected for ${platform} ${expected}`, { field: 'token' });
