import * as z from 'zod';
import { categories } from './categories.ts';
import { channelRules } from './channel-rules.ts';
import { payloadCheck } from './payload-check.ts';
import {
  base64url,
  contact,
  hosts,
  oneOf,
  origins,
  postgresUrl,
  secret,
  socketUrl,
  text,
  valkeyUrl,
  webUrl,
  whole,
} from './variables.ts';

export const PREFIX = 'FANFARE_';

/** Every variable, without its prefix, in the order in which `docs/configuration.md` explains them. */
const applicationArn = z
  .string()
  .regex(/^arn:[^:]+:sns:[^:]+:\d{12}:app\/[^/]+\/.+$/, { error: 'the ARN of an SNS platform application' })
  .optional();

export const serverVariables = z.object({
  HOST: text('an address to bind to'),
  PORT: whole(0, 65_535),
  PUBLIC_URL: webUrl(),
  LOG_LEVEL: oneOf('debug', 'info', 'warn', 'error', 'silent'),
  SECRET: secret,
  SECRET_FILE: text('a path'),
  JWKS_URL: webUrl(),
  JWT_ISSUER: text(),
  JWT_AUDIENCE: text(),
  TOKEN_IN_QUERY: oneOf('true', 'false'),
  CORS_ORIGINS: origins,
  QUOTAS: oneOf('aws', 'none'),
  QUOTA_MESSAGE_BYTES: whole(1_024, 16 * 1_024 * 1_024),
  QUOTA_FRAME_BYTES: whole(1_024, 16 * 1_024 * 1_024),
  QUOTA_IDLE_SECONDS: whole(1, 1_000_000_000),
  QUOTA_LIFE_SECONDS: whole(1, 1_000_000_000),
  QUOTA_CONNECTS_PER_SECOND: whole(1, 1_000_000),
  QUOTA_CONNECTS_BURST: whole(1, 1_000_000),
  QUOTA_MANAGEMENT_PER_SECOND: whole(1, 1_000_000),
  QUOTA_MANAGEMENT_BURST: whole(1, 1_000_000),
  SLOW_READER_THROTTLE_BYTES: whole(65_536, 1_073_741_824),
  SLOW_READER_CLOSE_BYTES: whole(65_536, 1_073_741_824),
  SLOW_READER_CLOSE_SECONDS: whole(1, 86_400),
  RETENTION_MESSAGES: whole(1, 1_000_000),
  RETENTION_HOURS: whole(1, 8_760),
  TRAIL_RETENTION_HOURS: whole(1, 87_600),
  CHANNELS: channelRules(payloadCheck),
  CATEGORIES: categories,
  FRAMES_PER_SECOND: whole(1, 1_000_000),
  FRAMES_BURST: whole(1, 1_000_000),
  REQUESTS_PER_SECOND: whole(1, 1_000_000),
  REQUESTS_BURST: whole(1, 1_000_000),
  ADMIN_REQUESTS_PER_SECOND: whole(1, 1_000_000),
  ADMIN_REQUESTS_BURST: whole(1, 1_000_000),
  DATA: text('a path'),
  POSTGRES_URL: postgresUrl,
  POSTGRES_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: 'up to 63 of a-z 0-9 _, not beginning with a digit' })
    .optional(),
  POSTGRES_POOL_SIZE: whole(1, 1_000),
  VALKEY_URL: valkeyUrl,
  APNS_APPLICATION_ARN: applicationArn,
  APNS_SANDBOX_APPLICATION_ARN: applicationArn,
  FCM_APPLICATION_ARN: applicationArn,
  VAPID_SUBJECT: contact,
  VAPID_PUBLIC_KEY: base64url(65),
  VAPID_PRIVATE_KEY: base64url(32),
  WEB_PUSH_HOSTS: hosts,
  MANAGEMENT_ACCESS_KEY_ID: text(),
  MANAGEMENT_SECRET_ACCESS_KEY: text(),
  URL: webUrl(),
  SOCKET_URL: socketUrl,
  TOKEN: text(),
});

export type ServerVariables = z.output<typeof serverVariables>;

/** What the functions on AWS know as well. */
export const SHARED = [
  'CORS_ORIGINS',
  'RETENTION_HOURS',
  'CHANNELS',
  'CATEGORIES',
  'FRAMES_PER_SECOND',
  'FRAMES_BURST',
  'REQUESTS_PER_SECOND',
  'REQUESTS_BURST',
  'ADMIN_REQUESTS_PER_SECOND',
  'ADMIN_REQUESTS_BURST',
] as const satisfies readonly (keyof ServerVariables)[];

/** Never printed, not even when wrong. */
export const SECRETS: ReadonlySet<string> = new Set([
  'SECRET',
  'MANAGEMENT_SECRET_ACCESS_KEY',
  'TOKEN',
  'POSTGRES_URL',
  'VALKEY_URL',
  'VAPID_PRIVATE_KEY',
]);
