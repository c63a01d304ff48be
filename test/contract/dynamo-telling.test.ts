import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { DynamoPresenceStore } from '../../src/adapters/aws/dynamo/dynamo-presence-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { tellingContract } from './telling.contract.ts';

for (const platform of awsPlatforms()) {
  tellingContract({
    name: `DynamoDB${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const shared = { client, clock, ids: new RandomIds(), namespace: platform.namespace() };
      const shards = { default: 1, broadcast: 1 };
      const presence = new DynamoPresenceStore({
        ...shared,
        table: platform.output('PresenceTable'),
        shards,
      });
      const store = new DynamoMessageStore({ ...shared, table: platform.output('MessagesTable') });
      return {
        port: { presence, store },
        clock,
        advance: ms => clock.advance(ms),
        close: async () => client.destroy(),
      };
    },
  });
}
