import type { EnvironmentConfig } from './config.ts';
import type { DataStack } from './stacks/data-stack.ts';
import type { MessagingStack } from './stacks/messaging-stack.ts';

/** What functions are told, by what they do. Those without a value are left out. */
export const variablesOf = (
  config: EnvironmentConfig,
  data: DataStack,
  messaging: MessagingStack,
  secretArn: string | undefined,
  managementEndpoint: string,
) => {
  const { tokens, limits, shards, retentionHours } = config;
  const { delivery } = messaging;
  const rules = {
    FANFARE_CHANNELS: config.channels.length > 0 ? JSON.stringify(config.channels) : undefined,
  };
  const categories = JSON.stringify(config.categories);
  const spread = {
    FANFARE_SHARDS_DEFAULT: String(shards.default),
    FANFARE_SHARDS_BROADCAST: String(shards.broadcast),
  };
  const presenceList = { ...rules, ...spread, FANFARE_PRESENCE_TABLE: data.presence.tableName };
  const presence = {
    ...presenceList,
    FANFARE_PRESENCE_QUEUE_URL: messaging.presence.queue.queueUrl,
  };
  const limited = { FANFARE_LIMITS_TABLE: data.limits.tableName };
  const origins = config.api.corsOrigins.join(',');
  return {
    presence,
    presenceList,
    connections: { ...presence, FANFARE_CONNECTIONS_TABLE: data.connections.tableName },
    messages: {
      ...rules,
      FANFARE_MESSAGES_TABLE: data.messages.tableName,
      FANFARE_RETENTION_HOURS: String(retentionHours),
    },
    inbox: { FANFARE_INBOX_TABLE: data.inbox.tableName },
    accepting: { FANFARE_TOPIC_ARN: messaging.topic.topicArn },
    verifying: {
      FANFARE_SECRET_ARN: secretArn,
      FANFARE_JWKS_URL: tokens.kind === 'jwks' ? tokens.url : undefined,
      FANFARE_JWT_ISSUER: tokens.issuer,
      FANFARE_JWT_AUDIENCE: tokens.audience,
    },
    queueing: {
      FANFARE_DELIVERY_QUEUE_URL: delivery.queue.queueUrl,
      FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL: delivery.deadLetters.queueUrl,
    },
    /** Absent where push is off. */
    trail: { FANFARE_TRAIL_QUEUE_URL: messaging.trail?.queue.queueUrl },
    pushes: { FANFARE_PUSH_QUEUE_URL: messaging.push?.queue.queueUrl },
    posting: { FANFARE_MANAGEMENT_ENDPOINT: managementEndpoint },
    frames: { ...limited, ...rateOf('FRAMES', limits.frames) },
    people: { FANFARE_CATEGORIES: categories === '{}' ? undefined : categories },
    requests: {
      ...limited,
      ...rateOf('REQUESTS', limits.requests),
      ...(limits.adminRequests === undefined ? {} : rateOf('ADMIN_REQUESTS', limits.adminRequests)),
      FANFARE_CORS_ORIGINS: origins === '' ? undefined : origins,
    },
  };
};

const rateOf = (what: string, { perSecond, burst }: EnvironmentConfig['limits']['frames']) => ({
  [`FANFARE_${what}_PER_SECOND`]: String(perSecond),
  [`FANFARE_${what}_BURST`]: String(burst),
});
