import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { aNamespace, emulated, localStack, whyNoLocalStack } from './localstack.ts';

/** One place where the adapters of AWS can be held to their contracts. */
export interface AwsPlatform {
  /** Behind an adapter's name, in the report; empty for the LocalStack of every run. */
  readonly suffix: string;
  readonly unavailable?: string | undefined;
  /** What any client of AWS's SDK is made with. */
  config(): object;
  output(name: string): string;
  /** A prefix that nobody else has, for a fresh share of a table. */
  namespace(): string;
  /** A client of its own. */
  dynamo(): DynamoDBDocumentClient;
}

/** LocalStack, and what else this run was given: a deployed stack, LocalStack's full edition. */
export const awsPlatforms = (): readonly AwsPlatform[] => [
  withClient({
    suffix: '',
    unavailable: whyNoLocalStack(),
    config: () => localStack().config,
    output: name => localStack().output(name),
    namespace: aNamespace,
  }),
  ...inject('morePlatforms').map(({ suffix, endpoint, outputs, prefix }) =>
    withClient({
      suffix: ` ${suffix}`,
      config: () => (endpoint === undefined ? {} : emulated(endpoint)),
      output: name => {
        const value = outputs[name];
        if (value === undefined) throw new Error(`${suffix}, no stack puts out ${name}`);
        return value;
      },
      namespace: () => `${prefix}${randomUUID()}/`,
    }),
  ),
];

const withClient = (platform: Omit<AwsPlatform, 'dynamo'>): AwsPlatform => ({
  ...platform,
  dynamo: () => DynamoDBDocumentClient.from(new DynamoDBClient(platform.config())),
});
