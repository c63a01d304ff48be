import { z } from 'zod';

/**
 * What one environment is: every choice that differs between a test, a trial and production. Accounts and regions are
 * no part of it (they come from the credentials of whoever deploys), and neither is any secret.
 */
const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

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
  { error: "mode 'on-demand' or 'provisioned'" },
);

const data = z.strictObject({
  billing: billing.default({ mode: 'on-demand' }),
  pointInTimeRecovery: z.boolean(),
  /** DynamoDB always encrypts: with a key of its own (free), or with the account's `aws/dynamodb`, whose use is logged. */
  encryption: z.enum(['aws-owned', 'aws-managed']).default('aws-owned'),
  /** Refuses to delete a table, and keeps tables, keys and the signing secret when their stack is deleted. */
  deletionProtection: z.boolean(),
});

const messaging = z.strictObject({
  /** `customer-key` makes a KMS key of this environment, rotated every year. */
  topicEncryption: z.enum(['none', 'customer-key']).default('none'),
  /** How long the fan-out and the deliver function may run. Their queues hide a record for six times as long. */
  fanOutTimeoutSeconds: whole(5, 900).default(30),
  deliverTimeoutSeconds: whole(5, 900).default(60),
});

const environment = z.strictObject({
  /** Part of every stack's name and of the WebSocket API's URL. */
  stage: z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, {
    error: 'up to 20 small letters, digits and dashes, beginning with a letter',
  }),
  data,
  messaging: messaging.prefault({}),
});

/** As an environment's file writes it; what has a default may be left out. */
export type EnvironmentInput = z.input<typeof environment>;

/** As the stacks read it. */
export type EnvironmentConfig = z.output<typeof environment>;

/** An environment that cannot be deployed: each problem names its field, what was expected and what was found. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'EnvironmentError';
    this.problems = problems;
  }
}

/** @throws EnvironmentError naming every field that is unknown or has a bad value */
export const defineEnvironment = (input: EnvironmentInput): EnvironmentConfig => {
  const parsed = environment.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(parsed.error.issues.map(issue => describeIssue(issue, input)));
};

const describeIssue = (issue: z.core.$ZodIssue, input: unknown): string => {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .map(key => `${[...issue.path, key].join('.')}: there is no such field; see infra/config.ts`)
      .join('\n');
  }
  return `${field}: expected ${issue.message}, found ${JSON.stringify(valueAt(input, issue.path)) ?? 'nothing'}`;
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
