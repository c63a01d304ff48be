import * as z from 'zod';
import type { LogLevel } from '../adapters/pino/pino-logger.ts';
import type { ChannelRule } from '../domain/channel-policy.ts';
import { channelRules } from './channel-rules.ts';
import { ConfigError, problemsOf } from './config.ts';

/** What a function's environment says. `infra/` sets it. */
export interface AwsConfig {
  /** The deployment's name, in its metrics. */
  readonly stage: string;
  readonly logLevel: LogLevel;
  readonly connectionsTable?: string;
  readonly messagesTable?: string;
  readonly idempotencyTable?: string;
  readonly topicArn?: string;
  readonly deliveryQueueUrl?: string;
  readonly deliveryDeadLetterQueueUrl?: string;
  readonly managementEndpoint?: string;
  readonly secretArn?: string;
  readonly jwksUrl?: URL;
  readonly issuer?: string;
  readonly audience?: string;
  readonly corsOrigins: readonly string[];
  readonly shards: { readonly default: number; readonly broadcast: number };
  readonly retentionMs: number;
  readonly channels: readonly ChannelRule[];
  readonly postConcurrency: number;
  /** What the OpenAPI document says of itself. */
  readonly version: string;
  /** Another endpoint for all of AWS's APIs: an emulator's. */
  readonly endpoint?: string;
}

const count = (max: number) =>
  z
    .string()
    .regex(/^[1-9]\d*$/, { error: `a whole number from 1 to ${max}` })
    .transform(Number)
    .refine(value => value <= max, { error: `a whole number from 1 to ${max}` })
    .optional();
const url = z.string().refine(text => URL.canParse(text), { error: 'a URL' });
const text = z.string().min(1, { error: 'some text' });

const variables = z.object({
  FANFARE_STAGE: text.optional(),
  FANFARE_CONNECTIONS_TABLE: text.optional(),
  FANFARE_MESSAGES_TABLE: text.optional(),
  FANFARE_IDEMPOTENCY_TABLE: text.optional(),
  FANFARE_TOPIC_ARN: text.startsWith('arn:', { error: 'an ARN' }).optional(),
  FANFARE_DELIVERY_QUEUE_URL: url.optional(),
  FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL: url.optional(),
  FANFARE_MANAGEMENT_ENDPOINT: url.optional(),
  FANFARE_SECRET_ARN: text.startsWith('arn:', { error: 'an ARN' }).optional(),
  FANFARE_JWKS_URL: url.transform(value => new URL(value)).optional(),
  FANFARE_JWT_ISSUER: text.optional(),
  FANFARE_JWT_AUDIENCE: text.optional(),
  FANFARE_CORS_ORIGINS: z
    .string()
    .transform(list => list.split(',').filter(origin => origin !== ''))
    .optional(),
  FANFARE_SHARDS_DEFAULT: count(256),
  FANFARE_SHARDS_BROADCAST: count(1_024),
  FANFARE_RETENTION_HOURS: count(8_760),
  FANFARE_CHANNELS: channelRules.refine(rules => !rules?.some(({ presence }) => presence), {
    error: 'rules without presence, which is not kept on AWS yet',
  }),
  FANFARE_POST_CONCURRENCY: count(1_000),
  FANFARE_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'one of debug, info, warn, error, silent' })
    .optional(),
  FANFARE_VERSION: text.optional(),
  FANFARE_AWS_ENDPOINT: url.optional(),
});

const OURS = /^FANFARE_/;

/** @throws ConfigError naming every variable that is unknown or has a bad value */
export const loadAwsConfig = (env: Readonly<Record<string, string | undefined>>): AwsConfig => {
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
    topicArn: v.FANFARE_TOPIC_ARN,
    deliveryQueueUrl: v.FANFARE_DELIVERY_QUEUE_URL,
    deliveryDeadLetterQueueUrl: v.FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL,
    managementEndpoint: v.FANFARE_MANAGEMENT_ENDPOINT,
    secretArn: v.FANFARE_SECRET_ARN,
    jwksUrl: v.FANFARE_JWKS_URL,
    issuer: v.FANFARE_JWT_ISSUER,
    audience: v.FANFARE_JWT_AUDIENCE,
    corsOrigins: v.FANFARE_CORS_ORIGINS ?? [],
    shards: { default: v.FANFARE_SHARDS_DEFAULT ?? 1, broadcast: v.FANFARE_SHARDS_BROADCAST ?? 16 },
    retentionMs: (v.FANFARE_RETENTION_HOURS ?? 24) * 3_600_000,
    channels: v.FANFARE_CHANNELS ?? [],
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
