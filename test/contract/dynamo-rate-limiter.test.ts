import { DynamoRateLimiter } from '../../src/adapters/aws/dynamo/dynamo-rate-limiter.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { rateLimiterContract } from './rate-limiter.contract.ts';

rateLimiterContract({
  name: 'DynamoRateLimiter',
  unavailable: whyNoLocalStack(),
  examples: 10,
  open: async () => {
    const [clock, client] = [new ManualTimeRealWaits(), dynamoClient()];
    const options = {
      client,
      clock,
      table: localStack().output('LimitsTable'),
      ids: new RandomIds(),
      namespace: aNamespace(),
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
