import { existsSync, readFileSync } from 'node:fs';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Outputs } from '../adapters/local/emulation/deploy-stack.ts';
import { deployStack } from '../adapters/local/emulation/deploy-stack.ts';
import { causeOf } from '../domain/errors.ts';
import { checkTables, outputOf } from './emulated-checks.ts';
import type { Secret } from './secret.ts';

/** What the functions need of an emulator: its resources, under the names of the functions' environment. */
export interface EmulatedResources {
  readonly env: Readonly<Record<string, string>>;
  readonly fanOutQueueUrl: string;
  readonly deliveryQueueUrl: string;
  readonly presenceQueueUrl: string;
  /** Where there is a database. */
  readonly data?: DataResources;
}

export interface DataResources {
  readonly env: Readonly<Record<string, string>>;
  readonly scheduleQueueUrl: string;
  readonly pushQueueUrl: string;
  readonly trailQueueUrl: string;
}

/** An emulator takes any; AWS's SDK wants some. */
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const REGION = 'us-east-1';

const DIST = new URL('../../dist/', import.meta.url);

export const FUNCTIONS = [
  'connect',
  'disconnect',
  'message',
  'http',
  'fan-out',
  'deliver',
  'presence',
] as const;

/** Those that there are only with a database; the first is in the place of `http`. */
export const DATA_FUNCTIONS = ['http-with-data', 'schedule', 'push', 'trail'] as const;

export type FunctionName = (typeof FUNCTIONS | typeof DATA_FUNCTIONS)[number];

/** Where the build puts the functions' bundles. */
export const BUILT_FUNCTIONS = new URL('lambda/', DIST);

export const bundleOf = (folder: URL, name: FunctionName): URL => new URL(`${name}/index.mjs`, folder);

export const emulatorClient = (endpoint: string) => ({ endpoint, region: REGION, credentials: CREDENTIALS });

const NOT_BUILT = 'the functions and their stacks are not built yet; run npm run build';

/** @throws Error with what to do, where the functions have not been built */
export const requireBuilt = (folder: URL, names: readonly FunctionName[] = FUNCTIONS): void => {
  if (!names.every(name => existsSync(bundleOf(folder, name)))) throw new Error(NOT_BUILT);
};

/** The stacks' templates, as `infra/` synthesizes them. */
export interface Templates {
  readonly data: object;
  readonly messaging: object;
}

/** Deploys what is missing, and tells the functions where it is. */
export const prepareEmulator = async (
  endpoint: string,
  prefix: string,
  secret: Secret,
  templates: Partial<Templates> = {},
  postgresUrl?: URL,
): Promise<EmulatedResources> => {
  const client = emulatorClient(endpoint);
  const cloudFormation = new CloudFormationClient(client);
  const deploy = (name: keyof Templates): Promise<Outputs> =>
    deployStack(cloudFormation, `${prefix}-${name}`, () => templates[name] ?? readTemplate(name));
  const [data, messaging] = await Promise.all([deploy('data'), deploy('messaging')]);
  const tableOf = (output: string) => outputOf(data, `${prefix}-data`, output);
  const messagingOf = (output: string) => outputOf(messaging, `${prefix}-messaging`, output);
  const tables = {
    FANFARE_CONNECTIONS_TABLE: tableOf('ConnectionsTable'),
    FANFARE_MESSAGES_TABLE: tableOf('MessagesTable'),
    FANFARE_IDEMPOTENCY_TABLE: tableOf('IdempotencyTable'),
    FANFARE_INBOX_TABLE: tableOf('InboxTable'),
    FANFARE_PRESENCE_TABLE: tableOf('PresenceTable'),
    FANFARE_LIMITS_TABLE: tableOf('LimitsTable'),
  };
  await checkTables(new DynamoDBClient(client), tables);
  const sqs = new SQSClient(client);
  const queues = await queueUrls(sqs, messagingOf, QUEUES);
  const dataQueues = postgresUrl && (await queueUrls(sqs, messagingOf, DATA_QUEUES));
  const secretArn = await keepSecret(
    new SecretsManagerClient(client),
    `${prefix}-${Date.now()}`,
    secret.value,
  );
  return {
    fanOutQueueUrl: queues.FanOutQueueUrl,
    deliveryQueueUrl: queues.DeliveryQueueUrl,
    presenceQueueUrl: queues.PresenceQueueUrl,
    ...(dataQueues && { data: dataOf(postgresUrl, dataQueues, messagingOf) }),
    env: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      FANFARE_AWS_ENDPOINT: endpoint,
      ...tables,
      FANFARE_TOPIC_ARN: messagingOf('TopicArn'),
      FANFARE_DELIVERY_QUEUE_URL: queues.DeliveryQueueUrl,
      FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL: queues.DeliveryDeadLetterQueueUrl,
      FANFARE_PRESENCE_QUEUE_URL: queues.PresenceQueueUrl,
      FANFARE_SECRET_ARN: secretArn,
      FANFARE_LINK_SECRET_ARN: secretArn,
    },
  };
};

const QUEUES = [
  'FanOutQueueUrl',
  'DeliveryQueueUrl',
  'DeliveryDeadLetterQueueUrl',
  'PresenceQueueUrl',
] as const;
const DATA_QUEUES = ['ScheduleQueueUrl', 'PushQueueUrl', 'TrailQueueUrl'] as const;

/** What functions are told that have a database, and those that hand over to them. */
const dataOf = (
  postgresUrl: URL,
  queues: Readonly<Record<(typeof DATA_QUEUES)[number], string>>,
  messagingOf: (output: string) => string,
): DataResources => ({
  scheduleQueueUrl: queues.ScheduleQueueUrl,
  pushQueueUrl: queues.PushQueueUrl,
  trailQueueUrl: queues.TrailQueueUrl,
  env: {
    FANFARE_POSTGRES_URL: postgresUrl.href,
    FANFARE_SCHEDULE_GROUP: messagingOf('ScheduleGroup'),
    FANFARE_SCHEDULE_ROLE_ARN: messagingOf('ScheduleRoleArn'),
    FANFARE_SCHEDULE_QUEUE_URL: queues.ScheduleQueueUrl,
    FANFARE_SCHEDULE_QUEUE_ARN: messagingOf('ScheduleQueueArn'),
    FANFARE_SCHEDULE_DEAD_LETTER_QUEUE_ARN: messagingOf('ScheduleDeadLetterQueueArn'),
    FANFARE_PUSH_QUEUE_URL: queues.PushQueueUrl,
    FANFARE_TRAIL_QUEUE_URL: queues.TrailQueueUrl,
  },
});

/** A template's URL names the port within the emulator's container; asking for it by name gives the one outside. */
const queueUrls = async <const Name extends string>(
  client: SQSClient,
  urlOf: (output: string) => string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> => {
  const entries = names.map(async output => {
    const QueueName = urlOf(output).split('/').at(-1);
    const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName })).catch(cause => {
      throw new Error(`${output}: expected the queue ${QueueName}, found none: ${causeOf(cause)}`, { cause });
    });
    return [output, QueueUrl] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Name, string>;
};

const keepSecret = async (client: SecretsManagerClient, name: string, value: string): Promise<string> => {
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
  return ARN;
};

const readTemplate = (name: string): object => {
  const url = new URL(`templates/${name}.json`, DIST);
  if (!existsSync(url)) throw new Error(NOT_BUILT);
  return JSON.parse(readFileSync(url, 'utf8')) as object;
};
