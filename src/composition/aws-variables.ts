import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { Understand } from './channel-rules.ts';
import { channelRules } from './channel-rules.ts';

const count = (max: number) =>
  z.optional(
    z.pipe(
      z
        .string()
        .check(
          z.refine(text => /^[1-9]\d*$/.test(text) && Number(text) <= max, `a whole number from 1 to ${max}`),
        ),
      z.transform(Number),
    ),
  );
const url = z.optional(z.string().check(z.refine(text => URL.canParse(text), 'a URL')));
const parsedUrl = z.pipe(
  url,
  z.transform(text => (text === undefined ? undefined : new URL(text))),
);
const text = z.optional(z.string().check(z.minLength(1, 'some text')));
const valkeyUrl = z.optional(
  z.pipe(
    z
      .string()
      .check(
        z.refine(
          text => URL.canParse(text) && /^(valkey|redis)s?:$/.test(new URL(text).protocol),
          'a URL such as valkeys://user@host:6379',
        ),
      ),
    z.transform(text => new URL(text)),
  ),
);
const identifier = z.optional(
  z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,62}$/, 'small letters, digits and _, no digit first')),
);
const arn = z.optional(z.string().check(z.startsWith('arn:', 'an ARN')));

/** A function's environment. */
export const awsVariables = (understand: Understand) =>
  z.object({
    FANFARE_STAGE: text,
    FANFARE_CONNECTIONS_TABLE: text,
    FANFARE_MESSAGES_TABLE: text,
    FANFARE_IDEMPOTENCY_TABLE: text,
    FANFARE_INBOX_TABLE: text,
    FANFARE_PRESENCE_TABLE: text,
    FANFARE_LIMITS_TABLE: text,
    FANFARE_TOPIC_ARN: arn,
    FANFARE_DELIVERY_QUEUE_URL: url,
    FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL: url,
    FANFARE_PRESENCE_QUEUE_URL: url,
    FANFARE_MANAGEMENT_ENDPOINT: url,
    FANFARE_SECRET_ARN: arn,
    FANFARE_POSTGRES_URL: z.optional(
      z.pipe(
        z
          .string()
          .check(
            z.refine(
              text => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol),
              'a URL such as postgres://user@host:5432/database',
            ),
          ),
        z.transform(text => new URL(text)),
      ),
    ),
    FANFARE_POSTGRES_SIGN_IN: z.optional(z.enum(['url', 'iam', 'secret'], 'one of url, iam, secret')),
    FANFARE_POSTGRES_SECRET_ARN: arn,
    FANFARE_POSTGRES_SCHEMA: identifier,
    FANFARE_POSTGRES_ROLE: identifier,
    FANFARE_VALKEY_URL: valkeyUrl,
    FANFARE_VALKEY_SECRET_ARN: arn,
    FANFARE_SCHEDULE_GROUP: text,
    FANFARE_SCHEDULE_ROLE_ARN: arn,
    FANFARE_SCHEDULE_QUEUE_URL: url,
    FANFARE_SCHEDULE_QUEUE_ARN: arn,
    FANFARE_SCHEDULE_DEAD_LETTER_QUEUE_ARN: arn,
    FANFARE_LINK_SECRET_ARN: arn,
    FANFARE_PUBLIC_URL: parsedUrl,
    FANFARE_VAPID_SECRET_ID: text,
    FANFARE_PUSH_QUEUE_URL: url,
    FANFARE_APNS_APPLICATION_ARN: arn,
    FANFARE_APNS_SANDBOX_APPLICATION_ARN: arn,
    FANFARE_FCM_APPLICATION_ARN: arn,
    FANFARE_TRAIL_QUEUE_URL: url,
    FANFARE_TRAIL_RETENTION_HOURS: count(87_600),
    FANFARE_JWKS_URL: parsedUrl,
    FANFARE_JWT_ISSUER: text,
    FANFARE_JWT_AUDIENCE: text,
    FANFARE_CORS_ORIGINS: z.optional(
      z.pipe(
        z.string(),
        z.transform(list => list.split(',').filter(origin => origin !== '')),
      ),
    ),
    FANFARE_SHARDS_DEFAULT: count(256),
    FANFARE_SHARDS_BROADCAST: count(1_024),
    FANFARE_RETENTION_HOURS: count(8_760),
    FANFARE_CHANNELS: channelRules(understand),
    FANFARE_CATEGORIES: text,
    FANFARE_FRAMES_PER_SECOND: count(1_000_000),
    FANFARE_FRAMES_BURST: count(1_000_000),
    FANFARE_REQUESTS_PER_SECOND: count(1_000_000),
    FANFARE_REQUESTS_BURST: count(1_000_000),
    FANFARE_ADMIN_REQUESTS_PER_SECOND: count(1_000_000),
    FANFARE_ADMIN_REQUESTS_BURST: count(1_000_000),
    FANFARE_POST_CONCURRENCY: count(1_000),
    FANFARE_LOG_LEVEL: z.optional(
      z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'one of debug, info, warn, error, silent'),
    ),
    FANFARE_VERSION: text,
    FANFARE_AWS_ENDPOINT: url,
  });

/** zod/mini has no words of its own. */
z.config(en());
