import { DynamoRateLimiter } from '../../src/adapters/aws/dynamo/dynamo-rate-limiter.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { rateLimiterContract } from './rate-limiter.contract.ts';

for (const platform of awsPlatforms()) {
  rateLimiterContract({
    name: `DynamoRateLimiter${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 10,
    open: async () =>
      dynamoFixture(dynamoShare(platform, 'LimitsTable'), share => new DynamoRateLimiter(share)),
  });
}
