import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';
import type { LogLevel } from '../adapters/pino/pino-logger.ts';
import type { ChannelRule } from '../domain/channel-policy.ts';
import { FanfareError } from '../domain/errors.ts';
import type { Understand } from './channel-rules.ts';
import { channelRules } from './channel-rules.ts';
import { ConfigError, problemsOf } from './config-error.ts';
import type { Limits } from './limits.ts';
import { limitsOf } from './limits.ts';

/** What a function's environment says. `infra/` sets it. */
export interface AwsConfig {
  /** The deployment's name, in its metrics. */
  readonly stage: string;
  readonly logLevel: LogLevel;
  readonly connectionsTable?: string;
  readonly messagesTable?: string;
  readonly idempotencyTable?: string;
  readonly inboxTable?: string;
  readonly presenceTable?: string;
  readonly limitsTable?: string;
  readonly topicArn?: string;
  readonly deliveryQueueUrl?: string;
  readonly deliveryDeadLetterQueueUrl?: string;
  readonly presenceQueueUrl?: string;
  readonly managementEndpoint?: string;
  readonly secretArn?: string;
  readonly postgres: {
    readonly url?: URL;
    /** By what the URL says, by a token of IAM for the URL's user, or by what a secret says. */
    readonly signIn: 'url' | 'iam' | 'secret';
    readonly secretArn?: string;
    readonly schema: string;
    /** Whom the migrations let read and write. */
    readonly role?: string;
  };
  readonly jwksUrl?: URL;
  readonly issuer?: string;
  readonly audience?: string;
  readonly corsOrigins: readonly string[];
  readonly shards: { readonly default: number; readonly broadcast: number };
  readonly retentionMs: number;
  readonly channels: readonly ChannelRule[];
  /** As JSON, understood by the functions that need them. */
  readonly categories?: string;
  readonly limits: Limits;
  readonly postConcurrency: number;
  /** What the OpenAPI document says of itself. */
  readonly version: string;
  /** Another endpoint for all of AWS's APIs: an emulator's. */
  readonly endpoint?: string;
}

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
const text = z.optional(z.string().check(z.minLength(1, 'some text')));
const identifier = z.optional(
  z.string().check(z.regex(/^[a-z_][a-z0-9_]{0,62}$/, 'small letters, digits and _, no digit first')),
);
const arn = z.optional(z.string().check(z.startsWith('arn:', 'an ARN')));

const variablesBy = (understand: Understand) =>
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
    FANFARE_JWKS_URL: z.pipe(
      url,
      z.transform(text => (text === undefined ? undefined : new URL(text))),
    ),
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

const OURS = /^FANFARE_/;

/** Loud where a function takes messages after all. */
const checksNothing: Understand = () => () => {
  throw new FanfareError('internal', 'this function does not check what is published');
};

/**
 * @param understand for a function that takes messages; the others need not carry what understands a JSON Schema
 * @throws ConfigError naming every variable that is unknown or has a bad value
 */
export const loadAwsConfig = (
  env: Readonly<Record<string, string | undefined>>,
  understand = checksNothing,
): AwsConfig => {
  const variables = variablesBy(understand);
  const problems = Object.keys(env)
    .filter(name => OURS.test(name) && env[name] !== undefined && !(name in variables.shape))
    .map(name => `${name}: there is no such variable for the functions on AWS`);
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error, '', name => JSON.stringify(env[name])));
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const v = parsed.data;
  return {
    stage: v.FANFARE_STAGE ?? 'local',
    logLevel: v.FANFARE_LOG_LEVEL ?? 'info',
    connectionsTable: v.FANFARE_CONNECTIONS_TABLE,
    messagesTable: v.FANFARE_MESSAGES_TABLE,
    idempotencyTable: v.FANFARE_IDEMPOTENCY_TABLE,
    inboxTable: v.FANFARE_INBOX_TABLE,
    presenceTable: v.FANFARE_PRESENCE_TABLE,
    limitsTable: v.FANFARE_LIMITS_TABLE,
    topicArn: v.FANFARE_TOPIC_ARN,
    deliveryQueueUrl: v.FANFARE_DELIVERY_QUEUE_URL,
    deliveryDeadLetterQueueUrl: v.FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL,
    presenceQueueUrl: v.FANFARE_PRESENCE_QUEUE_URL,
    managementEndpoint: v.FANFARE_MANAGEMENT_ENDPOINT,
    secretArn: v.FANFARE_SECRET_ARN,
    postgres: {
      url: v.FANFARE_POSTGRES_URL,
      signIn: v.FANFARE_POSTGRES_SIGN_IN ?? 'url',
      secretArn: v.FANFARE_POSTGRES_SECRET_ARN,
      schema: v.FANFARE_POSTGRES_SCHEMA ?? 'fanfare',
      role: v.FANFARE_POSTGRES_ROLE,
    },
    jwksUrl: v.FANFARE_JWKS_URL,
    issuer: v.FANFARE_JWT_ISSUER,
    audience: v.FANFARE_JWT_AUDIENCE,
    corsOrigins: v.FANFARE_CORS_ORIGINS ?? [],
    shards: { default: v.FANFARE_SHARDS_DEFAULT ?? 1, broadcast: v.FANFARE_SHARDS_BROADCAST ?? 16 },
    retentionMs: (v.FANFARE_RETENTION_HOURS ?? 24) * 3_600_000,
    channels: v.FANFARE_CHANNELS ?? [],
    categories: v.FANFARE_CATEGORIES,
    limits: limitsOf({
      FRAMES_PER_SECOND: v.FANFARE_FRAMES_PER_SECOND,
      FRAMES_BURST: v.FANFARE_FRAMES_BURST,
      REQUESTS_PER_SECOND: v.FANFARE_REQUESTS_PER_SECOND,
      REQUESTS_BURST: v.FANFARE_REQUESTS_BURST,
      ADMIN_REQUESTS_PER_SECOND: v.FANFARE_ADMIN_REQUESTS_PER_SECOND,
      ADMIN_REQUESTS_BURST: v.FANFARE_ADMIN_REQUESTS_BURST,
    }),
    postConcurrency: v.FANFARE_POST_CONCURRENCY ?? 100,
    version: v.FANFARE_VERSION ?? '0.0.0',
    endpoint: v.FANFARE_AWS_ENDPOINT,
  };
};

/** @throws ConfigError naming the variable, where what needs it is not configured */
export const needed = <Value>(value: Value | undefined, variable: string): Value => {
  if (value !== undefined) return value;
  throw new ConfigError([`${variable}: expected for this function, found nothing`]);
};
