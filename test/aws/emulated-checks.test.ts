import type { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { checkTables, outputOf } from '../../src/composition/emulated-checks.ts';

/** Tables by name, each with its keys and their types. */
const tables = (known: Readonly<Record<string, Readonly<Record<string, string>>>>): DynamoDBClient =>
  ({
    send: async ({ input }: DescribeTableCommand) => {
      const keys = Object.entries(known[input.TableName ?? ''] ?? {});
      if (keys.length === 0) throw Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
      return {
        Table: {
          KeySchema: keys.map(([AttributeName]) => ({ AttributeName })),
          AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({
            AttributeName,
            AttributeType,
          })),
        },
      };
    },
  }) as unknown as DynamoDBClient;

const env = {
  FANFARE_CONNECTIONS_TABLE: 'connections',
  FANFARE_MESSAGES_TABLE: 'messages',
  FANFARE_IDEMPOTENCY_TABLE: 'idempotency',
  FANFARE_INBOX_TABLE: 'inbox',
  FANFARE_PRESENCE_TABLE: 'presence',
  FANFARE_LIMITS_TABLE: 'limits',
};

const later = { inbox: { pk: 'S', sk: 'S' }, presence: { pk: 'S', sk: 'S' }, limits: { pk: 'S' } };

describe("What an emulator's stacks put out", () => {
  test('is taken where every table has its keys', async () => {
    const good = tables({
      connections: { pk: 'S', sk: 'S' },
      messages: { pk: 'S', sk: 'N' },
      idempotency: { pk: 'S' },
      ...later,
    });
    await expect(checkTables(good, env)).resolves.toBeUndefined();
  });

  test('is told all at once where a table is missing and another is a wrong one', async () => {
    const bad = tables({ connections: { pk: 'S', sk: 'S' }, messages: { pk: 'S', sk: 'S' }, ...later });
    await expect(checkTables(bad, env)).rejects.toThrow(
      'FANFARE_MESSAGES_TABLE: expected the table messages with the keys pk (S), sk (N), ' +
        'found a table with the keys pk (S), sk (S); ' +
        'FANFARE_IDEMPOTENCY_TABLE: expected the table idempotency with the keys pk (S), found nothing',
    );
  });

  test('is named where it is missing, with its stack', () => {
    expect(outputOf({ TopicArn: 'arn:topic' }, 'fanfare-dev-messaging', 'TopicArn')).toBe('arn:topic');
    expect(() => outputOf({}, 'fanfare-dev-messaging', 'TopicArn')).toThrow(
      'the stack fanfare-dev-messaging puts out no TopicArn',
    );
  });
});
