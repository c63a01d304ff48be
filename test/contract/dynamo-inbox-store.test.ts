import { DynamoInboxStore } from '../../src/adapters/aws/dynamo/dynamo-inbox-store.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { inboxStoreContract } from './inbox-store.contract.ts';

for (const platform of awsPlatforms()) {
  inboxStoreContract({
    name: `DynamoInboxStore${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () =>
      dynamoFixture(dynamoShare(platform, 'InboxTable'), share => new DynamoInboxStore(share)),
  });
}
