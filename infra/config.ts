import { z } from 'zod';
import { categories } from './categories.ts';
import { channels } from './channels.ts';
import { text, whole } from './fields.ts';
import { push } from './push-config.ts';
import { tooLong } from './too-long.ts';

// What one environment is: every choice that differs between a test, a trial and production. Accounts and regions are
// no part of it (they come from the credentials of whoever deploys), and neither is any secret.

const webUrl = z.url({ protocol: /^https$/, error: 'an https URL' });
const host = text(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  'a host name in small letters',
);
const email = z.email({ error: 'an e-mail address' });
const origin = text(/^(\*|https?:\/\/[^/\s]+)$/, 'an origin such as https://app.example.com, or *');

const billing = z.discriminatedUnion(
  'mode',
  [
    z.strictObject({ mode: z.literal('on-demand') }),
    /** Auto-scaled between the two, in capacity units of each table, for reads and for writes. */
    z.strictObject({
      mode: z.literal('provisioned'),
      minUnits: whole(1, 40_000),
      maxUnits: whole(1, 40_000),
      targetUtilizationPercent: whole(20, 90).default(70),
    }),
  ],
  { error: "'on-demand' or 'provisioned'" },
);

const data = z.strictObject({
  billing: billing.default({ mode: 'on-demand' }),
  pointInTimeRecovery: z.boolean(),
  /** DynamoDB always encrypts: with a key of its own (free), or with the account's `aws/dynamodb`, whose use is logged. */
  encryption: z
    .enum(['aws-owned', 'aws-managed'], { error: "'aws-owned' or 'aws-managed'" })
    .default('aws-owned'),
  /** Refuses to delete a table, and keeps tables, keys and the signing secret when their stack is deleted. */
  deletionProtection: z.boolean(),
});

const messaging = z.strictObject({
  /** `customer-key` makes a KMS key of this environment, rotated every year. */
  topicEncryption: z.enum(['none', 'customer-key'], { error: "'none' or 'customer-key'" }).default('none'),
  /** How long the fan-out and the deliver function may run. Their queues hide a record for six times as long. */
  fanOutTimeoutSeconds: whole(5, 900).default(30),
  deliverTimeoutSeconds: whole(5, 900).default(60),
});

/** MB. A function has a share of a processor in proportion, one whole at 1,769. */
const memory = (mb: number) => whole(128, 10_240).default(mb);

const memoryMb = z.strictObject({
  connect: memory(512),
  disconnect: memory(512),
  message: memory(512),
  http: memory(512),
  'fan-out': memory(1_769),
  deliver: memory(1_769),
  presence: memory(512),
  migrate: memory(512),
  schedule: memory(512),
  trail: memory(512),
  push: memory(512),
  platforms: memory(256),
});

/** What a post to a connection is taken to last at the least, for the ceiling below; not measured on AWS. */
const POST_MS = 10;

const functions = z
  .strictObject({
    memoryMb: memoryMb.prefault({}),
    logLevel: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'debug, info, warn, error or silent' })
      .default('info'),
    logRetentionDays: z
      .literal([1, 3, 5, 7, 14, 30, 60, 90, 180, 365], { error: '1, 3, 5, 7, 14, 30, 60, 90, 180 or 365' })
      .default(30),
    /**
     * Posts that one invocation has under way at a time. 10 take about a fifth of its processor, 100 most of it
     * (docs/performance.md): more invocations with few under way come nearer to the ideal.
     */
    postConcurrency: whole(1, 1_000).default(10),
    /** Invocations at a time; 2 is the least that Lambda's queue poller knows. */
    fanOutConcurrency: whole(2, 1_000).default(2),
    deliverConcurrency: whole(2, 1_000).default(6),
    presenceConcurrency: whole(2, 1_000).default(2),
    scheduleConcurrency: whole(2, 1_000).default(2),
    trailConcurrency: whole(2, 1_000).default(2),
    pushConcurrency: whole(2, 1_000).default(4),
    /**
     * What fan-out and delivery may take of the region's quota of API Gateway requests: 10,000/s (2,500/s in some
     * regions), shared by every API of the account, frames and HTTP requests included, which the default leaves
     * 2,000/s for. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
     *
     * (2 fan-outs + 6 delivers) × 10 posts under way × 1,000 ms / 10 ms a post = 8,000 posts/s
     */
    maxPostsPerSecond: whole(1, 1_000_000).default(8_000),
    /** `built`: from `dist/lambda/`. `placeholder`: an empty function, for tests of the templates. */
    code: z.enum(['built', 'placeholder'], { error: "'built' or 'placeholder'" }).default('built'),
  })
  .superRefine((functions, context) => {
    const { fanOutConcurrency, deliverConcurrency, postConcurrency, maxPostsPerSecond } = functions;
    const ceiling = (fanOutConcurrency + deliverConcurrency) * postConcurrency * (1_000 / POST_MS);
    if (ceiling <= maxPostsPerSecond) return;
    context.addIssue({
      code: 'custom',
      path: ['deliverConcurrency'],
      message: `(fanOutConcurrency + deliverConcurrency) × postConcurrency × ${1_000 / POST_MS} posts/s, here ${ceiling}, within maxPostsPerSecond, here ${maxPostsPerSecond}`,
    });
  });

const claims = { issuer: webUrl.optional(), audience: z.string().min(1, { error: 'some text' }).optional() };

const tokens = z
  .discriminatedUnion(
    'kind',
    [
      /** HS256, by a secret that the deployment makes and Secrets Manager keeps. */
      z.strictObject({ kind: z.literal('secret'), ...claims }),
      /** By the public keys of an identity provider. With an issuer, API Gateway checks HTTP requests as well. */
      z.strictObject({ kind: z.literal('jwks'), url: webUrl, ...claims }),
    ],
    { error: "'secret' or 'jwks'" },
  )
  .superRefine((tokens, context) => {
    if (tokens.kind === 'secret' || tokens.issuer === undefined || tokens.audience !== undefined) return;
    const message = "some text, with an issuer: API Gateway's JWT authorizer checks both";
    context.addIssue({ code: 'custom', path: ['audience'], message });
  });

const throttle = z.strictObject({ perSecond: whole(1, 100_000), burst: whole(1, 50_000) });

const rate = z.strictObject({ perSecond: whole(1, 1_000_000), burst: whole(1, 1_000_000) });

/** What one client may ask for; `api` has what all may together. */
const limits = z.strictObject({
  /** Frames of one connection. */
  frames: rate.default({ perSecond: 20, burst: 40 }),
  /** HTTP requests of one user, and of one admin: no limit where absent. */
  requests: rate.default({ perSecond: 50, burst: 100 }),
  adminRequests: rate.optional(),
});

const api = z.strictObject({
  /** Over all routes: `$connect`, `$disconnect` and frames. 500 new connections/s is an account's quota. */
  socketThrottle: throttle.default({ perSecond: 1_000, burst: 500 }),
  httpThrottle: throttle.default({ perSecond: 500, burst: 250 }),
  /** Web origins whose pages may call the HTTP API. */
  corsOrigins: z.array(origin).default([]),
  /**
   * Lets API Gateway write WebSocket access logs: one role for the whole region of an account. `false` where the
   * account has one already.
   */
  accountLoggingRole: z.boolean().default(true),
  /** Names of one's own, in a Route 53 zone of the same account. Without, the APIs have API Gateway's. */
  domain: z
    .strictObject({
      zoneName: host,
      hostedZoneId: text(/^Z[A-Z0-9]{1,31}$/, "a hosted zone's id, such as Z0123456789ABC"),
      socketHost: host,
      httpHost: host,
    })
    .optional(),
});

const observability = z.strictObject({
  /** Who hears of alarms; the address confirms by a link. Without, the alarm topic has no subscriber of ours. */
  alarmEmail: email.optional(),
  /** US dollars a month, over the whole account: AWS knows a tag's costs only once the tag is activated for billing. */
  monthlyBudgetUsd: whole(1, 10_000_000).optional(),
});

const fields = z.strictObject({
  /** Part of every stack's name. */
  stage: text(/^[a-z][a-z0-9-]{0,19}$/, 'up to 20 small letters, digits and dashes, a letter first'),
  data,
  messaging: messaging.prefault({}),
  functions: functions.prefault({}),
  tokens: tokens.default({ kind: 'secret' }),
  api: api.prefault({}),
  observability: observability.prefault({}),
  /** Whether the console is put on S3 and CloudFront. */
  console: z.boolean({ error: 'true or false' }).default(false),
  channels: channels.default([]),
  push,
  categories: categories.default({}),
  limits: limits.prefault({}),
  /** Keys that a channel's members are spread over, so that no partition of the table is asked for all of them. */
  shards: z
    .strictObject({ default: whole(1, 256).default(1), broadcast: whole(1, 1_024).default(16) })
    .prefault({}),
  /** How long a message can be fetched. */
  retentionHours: whole(1, 8_760).default(24),
});

/** What each field says, and what they say together. */
export const environmentSchema = fields.superRefine(({ channels: rules, categories: named }, context) => {
  if (Object.keys(named).length === 0) return;
  const problem = tooLong('categories, and rules for channels,', rules, named);
  if (problem !== undefined) context.addIssue({ code: 'custom', path: ['categories'], message: problem });
});

/** As an environment's file writes it; what has a default may be left out. */
export type EnvironmentInput = z.input<typeof environmentSchema>;

/** As the stacks read it. */
export type EnvironmentConfig = z.output<typeof environmentSchema>;
