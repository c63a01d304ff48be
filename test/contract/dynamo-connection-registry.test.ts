import { DynamoConnectionRegistry } from '../../src/adapters/aws/dynamo/dynamo-connection-registry.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { connectionRegistryContract } from './connection-registry.contract.ts';

connectionRegistryContract({
  name: 'DynamoConnectionRegistry',
  unavailable: whyNoLocalStack(),
  examples: 15,
  open: async ({ shards = 3 } = {}) => {
    const [clock, client] = [new ManualTimeRealWaits(), dynamoClient()];
    const options = {
      client,
      clock,
      table: localStack().output('ConnectionsTable'),
      ids: new RandomIds(),
      shards: { default: shards, broadcast: shards },
      namespace: aNamespace(),
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
