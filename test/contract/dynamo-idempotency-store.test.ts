import { DynamoIdempotencyStore } from '../../src/adapters/aws/dynamo/dynamo-idempotency-store.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

for (const platform of awsPlatforms()) {
  idempotencyStoreContract({
    name: `DynamoIdempotencyStore${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () =>
      dynamoFixture(dynamoShare(platform, 'IdempotencyTable'), share => new DynamoIdempotencyStore(share)),
  });
}
