import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { DynamoPresenceStore } from '../../src/adapters/aws/dynamo/dynamo-presence-store.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { tellingContract } from './telling.contract.ts';

for (const platform of awsPlatforms()) {
  tellingContract({
    name: `DynamoDB${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () =>
      dynamoFixture(dynamoShare(platform, 'PresenceTable'), share => ({
        presence: new DynamoPresenceStore({ ...share, shards: { default: 1, broadcast: 1 } }),
        store: new DynamoMessageStore({ ...share, table: platform.output('MessagesTable') }),
      })),
  });
}
