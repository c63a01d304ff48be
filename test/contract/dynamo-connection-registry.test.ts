import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { connectionRegistryContract } from './connection-registry.contract.ts';

for (const platform of awsPlatforms()) {
  connectionRegistryContract({
    name: `DynamoConnectionRegistry${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 15,
    open: async ({ shards = 3 } = {}) =>
      dynamoFixture(
        dynamoShare(platform, 'ConnectionsTable'),
        share => new DynamoConnectionRegistry({ ...share, shards: { default: shards, broadcast: shards } }),
      ),
  });
}
