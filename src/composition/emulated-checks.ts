import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { Outputs } from '../adapters/local/emulation/deploy-stack.ts';

/** The keys of each table, by the variable that names it to the functions; as docs/data-model.md has them. */
const KEYS: Readonly<Record<string, string>> = {
  FANFARE_CONNECTIONS_TABLE: 'pk (S), sk (S)',
  FANFARE_MESSAGES_TABLE: 'pk (S), sk (N)',
  FANFARE_IDEMPOTENCY_TABLE: 'pk (S)',
  FANFARE_INBOX_TABLE: 'pk (S), sk (S)',
  FANFARE_PRESENCE_TABLE: 'pk (S), sk (S)',
  FANFARE_LIMITS_TABLE: 'pk (S)',
};

/** @throws Error naming the stack and what it does not put out */
export const outputOf = (outputs: Outputs, stack: string, name: string): string => {
  const value = outputs[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`the stack ${stack} puts out no ${name}; it is none of ours, or of another version`);
};

/** What an emulator lost, or somebody made by hand, is told before a function stumbles over it. */
export const checkTables = async (
  client: DynamoDBClient,
  env: Readonly<Record<string, string>>,
): Promise<void> => {
  const checks = Object.entries(KEYS).map(async ([variable, expected]) => {
    const table = env[variable] ?? '';
    const found = await keysOf(client, table);
    if (found === expected) return [];
    const what = found === undefined ? 'nothing' : `a table with the keys ${found}`;
    return [`${variable}: expected the table ${table} with the keys ${expected}, found ${what}`];
  });
  const problems = (await Promise.all(checks)).flat();
  if (problems.length > 0) throw new Error(problems.join('; '));
};

const keysOf = async (client: DynamoDBClient, TableName: string): Promise<string | undefined> => {
  try {
    const { Table = {} } = await client.send(new DescribeTableCommand({ TableName }));
    const { KeySchema = [], AttributeDefinitions = [] } = Table;
    const typeOf = (name: string | undefined) =>
      AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    return KeySchema.map(({ AttributeName }) => `${AttributeName} (${typeOf(AttributeName)})`).join(', ');
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
};
