import { DynamoIdempotencyStore } from '../../src/adapters/aws/dynamo/dynamo-idempotency-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

for (const platform of awsPlatforms()) {
  idempotencyStoreContract({
    name: `DynamoIdempotencyStore${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const table = platform.output('IdempotencyTable');
      const options = { client, clock, table, ids: new RandomIds(), namespace: platform.namespace() };
      return {
        port: new DynamoIdempotencyStore(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new DynamoIdempotencyStore(options),
        close: async () => client.destroy(),
      };
    },
  });
}
