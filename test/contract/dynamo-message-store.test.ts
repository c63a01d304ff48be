import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { DEFAULT_RETENTION } from '../../src/domain/channel-policy.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { ManualTimeRealWaits } from '../support/localstack.ts';
import { messageStoreContract } from './message-store.contract.ts';

for (const platform of awsPlatforms()) {
  messageStoreContract({
    name: `DynamoMessageStore${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 15,
    open: async limits => {
      const retention = () => ({ ...DEFAULT_RETENTION, ...limits });
      const [clock, client, namespace] = [new ManualTimeRealWaits(), platform.dynamo(), platform.namespace()];
      const table = platform.output('MessagesTable');
      const options = { client, clock, table, ids: new RandomIds(), namespace, retention };
      return {
        port: new DynamoMessageStore(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new DynamoMessageStore(options),
        /** Of a log without its head nothing can be told any more, though messages of it are still about. */
        lose: async channel => {
          const Key = { pk: `${namespace}${channel}`, sk: 0 };
          await client.send(new DeleteCommand({ TableName: table, Key }));
        },
        close: async () => client.destroy(),
      };
    },
  });
}
