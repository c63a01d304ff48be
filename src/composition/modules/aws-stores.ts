import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ContainerModule } from 'inversify';
import { DynamoConnectionRegistry } from '../../adapters/aws/dynamo/dynamo-connection-registry.ts';
import { DynamoIdempotencyStore } from '../../adapters/aws/dynamo/dynamo-idempotency-store.ts';
import { DynamoInboxStore } from '../../adapters/aws/dynamo/dynamo-inbox-store.ts';
import { DynamoMessageStore } from '../../adapters/aws/dynamo/dynamo-message-store.ts';
import { DynamoPresenceStore } from '../../adapters/aws/dynamo/dynamo-presence-store.ts';
import { DynamoRateLimiter } from '../../adapters/aws/dynamo/dynamo-rate-limiter.ts';
import { MemoryRateLimiter } from '../../adapters/local/memory-rate-limiter.ts';
import { LenientRateLimiter } from '../../adapters/system/lenient-rate-limiter.ts';
import { ThriftyRateLimiter } from '../../adapters/system/thrifty-rate-limiter.ts';
import type { Channel } from '../../domain/channel.ts';
import type { NotificationReceipt } from '../../domain/notification.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { AWS_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

const { clock, ids, policies, logger, metrics } = TOKENS;

/** A frame or a request waits for its limit no longer than this; then it passes. */
const LIMITS_RETRY = { attempts: 2, baseDelayMs: 25, maxDelayMs: 100 };

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

export const awsInbox = (config: AwsConfig): ContainerModule =>
  withClient(config, options =>
    singleton(options, TOKENS.inbox, { client: AWS_TOKENS.dynamo, clock, ids }, parts => {
      const table = needed(config.inboxTable, 'FANFARE_INBOX_TABLE');
      return new DynamoInboxStore({ ...parts, table });
    }),
  );

export const awsPresence = (config: AwsConfig): ContainerModule =>
  withClient(config, options =>
    singleton(options, TOKENS.presence, { client: AWS_TOKENS.dynamo, clock, ids }, parts => {
      const table = needed(config.presenceTable, 'FANFARE_PRESENCE_TABLE');
      return new DynamoPresenceStore({ ...parts, table, shards: config.shards });
    }),
  );

export const awsLimits = (config: AwsConfig): ContainerModule =>
  withClient(config, options =>
    singleton(options, TOKENS.limiter, { client: AWS_TOKENS.dynamo, clock, ids, logger, metrics }, parts => {
      const table = needed(config.limitsTable, 'FANFARE_LIMITS_TABLE');
      const inner = new DynamoRateLimiter({ ...parts, table, retry: LIMITS_RETRY });
      return new LenientRateLimiter({ ...parts, inner });
    }),
  );

/** Frames are many, and nearly all of them far from the limit. */
export const awsFrameLimits = (): ContainerModule =>
  new ContainerModule(options =>
    singleton(options, TOKENS.frameLimiter, { clock, shared: TOKENS.limiter }, parts => {
      const own = new MemoryRateLimiter(parts);
      return new ThriftyRateLimiter({ own, shared: parts.shared });
    }),
  );
