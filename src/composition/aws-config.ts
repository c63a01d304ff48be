import type { Shards } from '../adapters/aws/dynamo/shards.ts';
import type { LogLevel } from '../adapters/pino/pino-logger.ts';
import type { ChannelRule } from '../domain/channel-policy.ts';
import type { MobilePlatform } from '../domain/device.ts';
import { FanfareError } from '../domain/errors.ts';
import { DEFAULT_TRAIL_KEPT_MS } from '../domain/trail.ts';
import { awsVariables } from './aws-variables.ts';
import type { Understand } from './channel-rules.ts';
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
  /** With the password that the secret is, where there is one. */
  readonly valkey: { readonly url?: URL; readonly secretArn?: string };
  /** Where alarms of schedules are set, and where they go. */
  readonly schedules: {
    readonly group?: string;
    readonly roleArn?: string;
    readonly queueUrl?: string;
    readonly queueArn?: string;
    readonly deadLetterQueueArn?: string;
  };
  readonly trail: {
    /** For who does not write it to the database itself. */
    readonly queueUrl?: string;
    readonly keptMs: number;
  };
  /** The secret that links which unsubscribe are signed with. */
  readonly linkSecretArn?: string;
  /** Under which people reach the HTTP API, for those links. */
  readonly publicUrl?: URL;
  /** The secret with the keys by which browsers are pushed to: subject, publicKey, privateKey. */
  readonly vapidSecretId?: string;
  readonly pushQueueUrl?: string;
  /** SNS's platform applications. */
  readonly pushApplications: Readonly<Partial<Record<MobilePlatform, string>>>;
  readonly jwksUrl?: URL;
  readonly issuer?: string;
  readonly audience?: string;
  readonly corsOrigins: readonly string[];
  readonly shards: Shards;
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
  const variables = awsVariables(understand);
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
    valkey: { url: v.FANFARE_VALKEY_URL, secretArn: v.FANFARE_VALKEY_SECRET_ARN },
    schedules: {
      group: v.FANFARE_SCHEDULE_GROUP,
      roleArn: v.FANFARE_SCHEDULE_ROLE_ARN,
      queueUrl: v.FANFARE_SCHEDULE_QUEUE_URL,
      queueArn: v.FANFARE_SCHEDULE_QUEUE_ARN,
      deadLetterQueueArn: v.FANFARE_SCHEDULE_DEAD_LETTER_QUEUE_ARN,
    },
    trail: {
      queueUrl: v.FANFARE_TRAIL_QUEUE_URL,
      keptMs:
        v.FANFARE_TRAIL_RETENTION_HOURS === undefined
          ? DEFAULT_TRAIL_KEPT_MS
          : v.FANFARE_TRAIL_RETENTION_HOURS * 3_600_000,
    },
    linkSecretArn: v.FANFARE_LINK_SECRET_ARN,
    publicUrl: v.FANFARE_PUBLIC_URL,
    vapidSecretId: v.FANFARE_VAPID_SECRET_ID,
    pushQueueUrl: v.FANFARE_PUSH_QUEUE_URL,
    pushApplications: {
      apns: v.FANFARE_APNS_APPLICATION_ARN,
      apns_sandbox: v.FANFARE_APNS_SANDBOX_APPLICATION_ARN,
      fcm: v.FANFARE_FCM_APPLICATION_ARN,
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
