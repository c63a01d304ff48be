import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoMessageStore } from '../../src/adapters/aws/dynamo/dynamo-message-store.ts';
import { DEFAULT_RETENTION } from '../../src/domain/channel-policy.ts';
import { awsPlatforms } from '../support/aws-platforms.ts';
import { dynamoFixture, dynamoShare } from '../support/dynamo-share.ts';
import { messageStoreContract } from './message-store.contract.ts';

for (const platform of awsPlatforms()) {
  messageStoreContract({
    name: `DynamoMessageStore${platform.suffix}`,
    unavailable: platform.unavailable,
    examples: 15,
    open: async limits => {
      const retention = () => ({ ...DEFAULT_RETENTION, ...limits });
      const share = dynamoShare(platform, 'MessagesTable');
      return {
        ...dynamoFixture(share, () => new DynamoMessageStore({ ...share, retention })),
        /** Of a log without its head nothing can be told any more, though messages of it are still about. */
        lose: async channel => {
          const Key = { pk: `${share.namespace}${channel}`, sk: 0 };
          await share.client.send(new DeleteCommand({ TableName: share.table, Key }));
        },
      };
    },
  });
}
