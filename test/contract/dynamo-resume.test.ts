import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { resumeContract } from './resume.contract.ts';

for (const platform of awsPlatforms()) {
  resumeContract({
    name: `DynamoDB${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () =>
      dynamoFixture(dynamoShare(platform, 'ConnectionsTable'), share => ({
        registry: new DynamoConnectionRegistry({ ...share, shards: { default: 3, broadcast: 3 } }),
        store: new DynamoMessageStore({ ...share, table: platform.output('MessagesTable') }),
      })),
  });
}
