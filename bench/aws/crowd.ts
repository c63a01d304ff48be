import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import { emulatorClient } from '../../src/composition/emulated-aws.ts';

/** DynamoDB's limit of writes in one batch. */
const BATCH = 25;
const BATCHES_UNDER_WAY = 8;
const HOUR_MS = 3_600_000;

/**
 * Puts members into a channel that nobody connected for: ten thousand handshakes on an emulator would take longer than
 * all the rest. The items are those of docs/data-model.md; were they to differ, nobody would be posted to, and whoever
 * counts posts would notice.
 */
export const seedMembers = async (
  endpoint: string,
  table: string,
  channel: string,
  count: number,
): Promise<void> => {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(emulatorClient(endpoint)));
  const expiresAt = Date.now() + HOUR_MS;
  const puts = Array.from({ length: count }, () => ({
    PutRequest: {
      Item: {
        pk: `M#${channel}#0`,
        sk: newConnectionId(),
        expiresAt,
        ttl: Math.ceil(expiresAt / 1_000),
      },
    },
  }));
  const write = async (): Promise<void> => {
    while (puts.length > 0) {
      const batch = puts.splice(0, BATCH);
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteCommand({ RequestItems: { [table]: batch } }),
      );
      puts.push(...((UnprocessedItems[table] ?? []) as typeof puts));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_UNDER_WAY }, write));
  client.destroy();
};
