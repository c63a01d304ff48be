import { DynamoInboxStore } from '../../src/adapters/aws/dynamo/dynamo-inbox-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { inboxStoreContract } from './inbox-store.contract.ts';

inboxStoreContract({
  name: 'DynamoInboxStore',
  unavailable: whyNoLocalStack(),
  open: async () => {
    const [clock, client] = [new ManualTimeRealWaits(), dynamoClient()];
    const options = {
      client,
      clock,
      table: localStack().output('InboxTable'),
      ids: new RandomIds(),
      namespace: aNamespace(),
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
