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
export type FunctionName = (typeof FUNCTIONS)[number];

/** Where the build puts the functions' bundles. */
export const BUILT_FUNCTIONS = new URL('lambda/', DIST);

export const bundleOf = (folder: URL, name: FunctionName): URL => new URL(`${name}/index.mjs`, folder);

export const emulatorClient = (endpoint: string) => ({ endpoint, region: REGION, credentials: CREDENTIALS });

const NOT_BUILT = 'the functions and their stacks are not built yet; run npm run build';

/** @throws Error with what to do, where the functions have not been built */
export const requireBuilt = (folder: URL): void => {
  if (!FUNCTIONS.every(name => existsSync(bundleOf(folder, name)))) throw new Error(NOT_BUILT);
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
): Promise<EmulatedResources> => {
  const client = emulatorClient(endpoint);
  const cloudFormation = new CloudFormationClient(client);
  const deploy = (name: keyof Templates): Promise<Outputs> =>
    deployStack(cloudFormation, `${prefix}-${name}`, () => templates[name] ?? readTemplate(name));
  const [data, messaging] = await Promise.all([deploy('data'), deploy('messaging')]);
  const dataOf = (output: string) => outputOf(data, `${prefix}-data`, output);
  const messagingOf = (output: string) => outputOf(messaging, `${prefix}-messaging`, output);
  const tables = {
    FANFARE_CONNECTIONS_TABLE: dataOf('ConnectionsTable'),
    FANFARE_MESSAGES_TABLE: dataOf('MessagesTable'),
    FANFARE_IDEMPOTENCY_TABLE: dataOf('IdempotencyTable'),
    FANFARE_INBOX_TABLE: dataOf('InboxTable'),
    FANFARE_PRESENCE_TABLE: dataOf('PresenceTable'),
    FANFARE_LIMITS_TABLE: dataOf('LimitsTable'),
  };
  await checkTables(new DynamoDBClient(client), tables);
  const queues = await queueUrls(new SQSClient(client), messagingOf);
  const secretArn = await keepSecret(
    new SecretsManagerClient(client),
    `${prefix}-${Date.now()}`,
    secret.value,
  );
  return {
    fanOutQueueUrl: queues.FanOutQueueUrl,
    deliveryQueueUrl: queues.DeliveryQueueUrl,
    presenceQueueUrl: queues.PresenceQueueUrl,
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
    },
  };
};

const QUEUES = [
  'FanOutQueueUrl',
  'DeliveryQueueUrl',
  'DeliveryDeadLetterQueueUrl',
  'PresenceQueueUrl',
] as const;

/** A template's URL names the port within the emulator's container; asking for it by name gives the one outside. */
const queueUrls = async (
  client: SQSClient,
  urlOf: (output: string) => string,
): Promise<Record<(typeof QUEUES)[number], string>> => {
  const entries = QUEUES.map(async output => {
    const QueueName = urlOf(output).split('/').at(-1);
    const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName })).catch(cause => {
      throw new Error(`${output}: expected the queue ${QueueName}, found none: ${causeOf(cause)}`, { cause });
    });
    return [output, QueueUrl] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<(typeof QUEUES)[number], string>;
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
