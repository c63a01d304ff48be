import type { Role } from 'aws-cdk-lib/aws-iam';
import type { EnvironmentConfig } from './config.ts';
import { allowItems, allowReadSecret } from './permissions.ts';
import type { DataStack } from './stacks/data-stack.ts';
import type { MessagingStack } from './stacks/messaging-stack.ts';
import type { RelationalStack } from './stacks/relational-stack.ts';

/** What makes `http` the one that has all routes, within the network, where push is on. */
export const httpWithData = (
  { push, tokens }: EnvironmentConfig,
  { alarmClock, push: pushes }: MessagingStack,
  { network, database, cache, linkSecret }: RelationalStack,
) => ({
  environment: {
    ...database.environment,
    ...cache.environment,
    FANFARE_PUSH_QUEUE_URL: pushes?.queue.queueUrl,
    ...alarmClock?.environment,
    ...linkSecret?.environment,
    FANFARE_TRAIL_RETENTION_HOURS: push === false ? undefined : String(24 * push.trailDays),
  },
  props: {
    bundle: 'http-with-data',
    // The keys of an identity provider are on the internet.
    place: network.placeOf(network.functions, tokens.kind === 'jwks'),
  },
  allow: (role: Role, data: DataStack): void => {
    database.allow(role);
    allowReadSecret(role, cache.password.secretArn);
    alarmClock?.allow(role);
    linkSecret?.allow(role);
    // To mark, and to erase a person.
    allowItems(role, data.inbox, 'UpdateItem', 'Query', 'BatchWriteItem');
  },
});
