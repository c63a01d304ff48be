import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { StackOutputs } from './localstack-setup.ts';

const TABLES = [
  'ConnectionsTable',
  'MessagesTable',
  'IdempotencyTable',
  'InboxTable',
  'PresenceTable',
  'LimitsTable',
] as const;
const BATCH = 25;

export interface StackClients {
  readonly cloudFormation: CloudFormationClient;
  readonly dynamo: DynamoDBClient;
}

/** With the credentials, the region and, for a stand-in, the `AWS_ENDPOINT_URL` of the environment. */
export const stackClients = (): StackClients => ({
  cloudFormation: new CloudFormationClient({}),
  dynamo: new DynamoDBClient({}),
});

/**
 * What the data and the messaging stack of a deployment put out, for suites that write to its tables.
 *
 * @throws Error where there is no such stack, or where it looks like production and nobody confirmed that it may be used
 */
export const resolveStack = async (
  { cloudFormation, dynamo }: StackClients,
  name: string,
  confirmed: string | undefined,
): Promise<StackOutputs> => {
  const stacks = await Promise.all(
    ['data', 'messaging'].map(part => describe(cloudFormation, `${name}-${part}`)),
  );
  const outputs = Object.assign({}, ...stacks.map(stack => stack.outputs)) as StackOutputs;
  if (confirmed === name) return outputs;
  const stage = stacks.map(stack => stack.stage).find(text => text?.startsWith('prod'));
  const held = await Promise.all(TABLES.map(table => isProtected(dynamo, outputs[table] ?? '')));
  const why =
    stage !== undefined ? `its stage is ${stage}` : held.includes(true) ? 'its tables are protected' : '';
  if (why === '') return outputs;
  throw new Error(
    `FANFARE_STACK: expected a stack to test against, found ${name}, where ${why}; ` +
      `set FANFARE_STACK_CONFIRM=${name} where it may be written to all the same`,
  );
};

/** Deletes what a run left in a stack's tables: all items whose key begins with its prefix. @returns how many */
export const sweep = async (
  client: DynamoDBClient,
  outputs: StackOutputs,
  prefix: string,
): Promise<number> => {
  const documents = DynamoDBDocumentClient.from(client);
  let swept = 0;
  for (const output of TABLES) {
    const TableName = outputs[output] ?? '';
    const pages = paginateScan(
      { client: documents },
      {
        TableName,
        FilterExpression: 'begins_with(pk, :prefix)',
        ExpressionAttributeValues: { ':prefix': prefix },
      },
    );
    for await (const { Items = [] } of pages) {
      for (let start = 0; start < Items.length; start += BATCH) {
        await deleteAll(documents, TableName, Items.slice(start, start + BATCH).map(keyOf));
      }
      swept += Items.length;
    }
  }
  return swept;
};

const keyOf = ({ pk, sk }: Record<string, unknown>) => (sk === undefined ? { pk } : { pk, sk });

const deleteAll = async (
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly object[],
): Promise<void> => {
  let requests = keys.map(Key => ({ DeleteRequest: { Key } })) as Record<string, unknown>[];
  while (requests.length > 0) {
    const command = new BatchWriteCommand({ RequestItems: { [table]: requests } as never });
    const { UnprocessedItems = {} } = await client.send(command);
    requests = UnprocessedItems[table] ?? [];
  }
};

const describe = async (client: CloudFormationClient, StackName: string) => {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const [{ Outputs = [], Tags = [] } = {}] = Stacks;
  const outputs = Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
  return {
    outputs: Object.fromEntries(outputs) as StackOutputs,
    stage: Tags.find(({ Key }) => Key === 'stage')?.Value,
  };
};

const isProtected = async (client: DynamoDBClient, TableName: string): Promise<boolean> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.DeletionProtectionEnabled === true;
};
