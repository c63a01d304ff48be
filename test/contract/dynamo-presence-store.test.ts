import { DynamoPresenceStore } from '../../src/adapters/aws/dynamo/dynamo-presence-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { presenceStoreContract } from './presence-store.contract.ts';

presenceStoreContract({
  name: 'DynamoPresenceStore',
  unavailable: whyNoLocalStack(),
  open: async () => {
    const [clock, client] = [new ManualTimeRealWaits(), dynamoClient()];
    const options = {
      client,
      clock,
      table: localStack().output('PresenceTable'),
      ids: new RandomIds(),
      shards: { default: 3, broadcast: 3 },
      namespace: aNamespace(),
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
