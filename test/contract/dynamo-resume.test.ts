import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { resumeContract } from './resume.contract.ts';

for (const platform of awsPlatforms()) {
  resumeContract({
    name: `DynamoDB${platform.suffix}`,
    unavailable: platform.unavailable,
    open: async () => {
      const [clock, client] = [new ManualTimeRealWaits(), platform.dynamo()];
      const shared = { client, clock, ids: new RandomIds(), namespace: platform.namespace() };
      const registry = new DynamoConnectionRegistry({
        ...shared,
        table: platform.output('ConnectionsTable'),
        shards: { default: 3, broadcast: 3 },
      });
      const store = new DynamoMessageStore({ ...shared, table: platform.output('MessagesTable') });
      return {
        port: { registry, store },
        clock,
        advance: ms => clock.advance(ms),
        close: async () => client.destroy(),
      };
    },
  });
}
