import { DynamoIdempotencyStore } from '../../src/adapters/aws/dynamo/dynamo-idempotency-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import {
  aNamespace,
  dynamoClient,
  localStack,
  ManualTimeRealWaits,
  whyNoLocalStack,
} from '../support/localstack.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

idempotencyStoreContract({
  name: 'DynamoIdempotencyStore',
  unavailable: whyNoLocalStack(),
  open: async () => {
    const [clock, client] = [new ManualTimeRealWaits(), dynamoClient()];
    const table = localStack().output('IdempotencyTable');
    const options = { client, clock, table, ids: new RandomIds(), namespace: aNamespace() };
    return {
      port: new DynamoIdempotencyStore(options),
      clock,
      advance: ms => clock.advance(ms),
      twin: async () => new DynamoIdempotencyStore(options),
      close: async () => client.destroy(),
    };
  },
});
