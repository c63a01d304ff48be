import { DynamoPresenceStore } from '../../src/adapters/aws/dynamo/dynamo-presence-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { presenceStoreContract } from './presence-store.contract.ts';

for (const platform of awsPlatforms()) {
  presenceStoreContract({
    name: `DynamoPresenceStore${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const options = {
        client,
        clock,
        table: platform.output('PresenceTable'),
        ids: new RandomIds(),
        shards: { default: 3, broadcast: 3 },
        namespace: platform.namespace(),
      };
      return {
        port: new DynamoPresenceStore(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new DynamoPresenceStore(options),
        close: async () => client.destroy(),
      };
    },
  });
}
