import { DynamoPresenceStore } from '../../src/adapters/aws/dynamo/dynamo-presence-store.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { presenceStoreContract } from './presence-store.contract.ts';

for (const platform of awsPlatforms()) {
  presenceStoreContract({
    name: `DynamoPresenceStore${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () =>
      dynamoFixture(
        dynamoShare(platform, 'PresenceTable'),
        share => new DynamoPresenceStore({ ...share, shards: { default: 3, broadcast: 3 } }),
      ),
  });
}
