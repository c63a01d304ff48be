import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ContainerModule } from 'inversify';
import { DynamoConnectionRegistry } from '../../adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoIdempotencyStore } from '../../adapters/aws/dynamo/dynamo-idempotency-store.ts';
import { DynamoMessageStore } from '../../adapters/aws/dynamo/dynamo-message-store.ts';
import type { Channel } from '../../domain/channel.ts';
import type { NotificationReceipt } from '../../domain/notification.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { AWS_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

const { clock, ids, policies } = TOKENS;

/** One client for all tables of a function; each store binds it where no other has. */
const withClient = (config: AwsConfig, bind: (options: Options) => void): ContainerModule =>
  new ContainerModule(options => {
    if (!options.isBound(AWS_TOKENS.dynamo.id)) {
      singleton(options, AWS_TOKENS.dynamo, {}, () =>
        DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(config)), {
          marshallOptions: { removeUndefinedValues: true },
        }),
      );
    }
    bind(options);
  });

type Options = Parameters<ConstructorParameters<typeof ContainerModule>[0]>[0];

export const awsRegistry = (config: AwsConfig): ContainerModule =>
  withClient(config, options =>
    singleton(options, TOKENS.registry, { client: AWS_TOKENS.dynamo, clock, ids }, parts => {
      const table = needed(config.connectionsTable, 'FANFARE_CONNECTIONS_TABLE');
      return new DynamoConnectionRegistry({ ...parts, table, shards: config.shards });
    }),
  );

export const awsStore = (config: AwsConfig): ContainerModule =>
  withClient(config, options =>
    singleton(options, TOKENS.store, { client: AWS_TOKENS.dynamo, clock, ids, policies }, parts => {
      const table = needed(config.messagesTable, 'FANFARE_MESSAGES_TABLE');
      const retention = (channel: Channel) => parts.policies.of(channel).retention;
      return new DynamoMessageStore({ ...parts, table, retention });
    }),
  );

export const awsIdempotency = (config: AwsConfig): ContainerModule =>
  withClient(config, options =>
    singleton(options, TOKENS.idempotency, { client: AWS_TOKENS.dynamo, clock, ids }, parts => {
      const table = needed(config.idempotencyTable, 'FANFARE_IDEMPOTENCY_TABLE');
      return new DynamoIdempotencyStore<NotificationReceipt>({ ...parts, table });
    }),
  );
