import { DynamoRateLimiter } from '../../src/adapters/aws/dynamo/dynamo-rate-limiter.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { rateLimiterContract } from './rate-limiter.contract.ts';

for (const platform of awsPlatforms()) {
  rateLimiterContract({
    name: `DynamoRateLimiter${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 10,
    open: async () => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const options = {
        client,
        clock,
        table: platform.output('LimitsTable'),
        ids: new RandomIds(),
        namespace: platform.namespace(),
      };
      return {
        port: new DynamoRateLimiter(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new DynamoRateLimiter(options),
        close: async () => client.destroy(),
      };
    },
  });
}
