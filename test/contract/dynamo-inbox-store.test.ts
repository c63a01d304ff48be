import { DynamoInboxStore } from '../../src/adapters/aws/dynamo/dynamo-inbox-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { inboxStoreContract } from './inbox-store.contract.ts';

for (const platform of awsPlatforms()) {
  inboxStoreContract({
    name: `DynamoInboxStore${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const options = {
        client,
        clock,
        table: platform.output('InboxTable'),
        ids: new RandomIds(),
        namespace: platform.namespace(),
      };
      return {
        port: new DynamoInboxStore(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new DynamoInboxStore(options),
        close: async () => client.destroy(),
      };
    },
  });
}
