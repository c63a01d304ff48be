import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { resumeContract } from './resume.contract.ts';

resumeContract({
  name: 'DynamoDB',
  unavailable: whyNoLocalStack(),
  open: async () => {
    const [clock, client] = [new ManualTimeRealWaits(), dynamoClient()];
    const shared = { client, clock, ids: new RandomIds(), namespace: aNamespace() };
    const registry = new DynamoConnectionRegistry({
      ...shared,
      table: localStack().output('ConnectionsTable'),
      shards: { default: 3, broadcast: 3 },
    });
    const store = new DynamoMessageStore({ ...shared, table: localStack().output('MessagesTable') });
    return {
      port: { registry, store },
      clock,
      advance: ms => clock.advance(ms),
      close: async () => client.destroy(),
    };
  },
});
