import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { connectionRegistryContract } from './connection-registry.contract.ts';

for (const platform of awsPlatforms()) {
  connectionRegistryContract({
    name: `DynamoConnectionRegistry${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 15,
    open: async ({ shards = 3 } = {}) => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const options = {
        client,
        clock,
        table: platform.output('ConnectionsTable'),
        ids: new RandomIds(),
        shards: { default: shards, broadcast: shards },
        namespace: platform.namespace(),
      };
      return {
        port: new DynamoConnectionRegistry(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new DynamoConnectionRegistry(options),
        close: async () => client.destroy(),
      };
    },
  });
}
