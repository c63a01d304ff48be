import { presenceHandler } from '../../adapters/aws/lambda/queue-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsBus, awsPresenceQueue } from '../modules/aws-messaging.ts';
import { awsPresence, awsStore } from '../modules/aws-stores.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'presence', [
  awsPresence(config),
  awsPresenceQueue(config),
  awsStore(config),
  awsBus(config),
]);

const tellPresence = resolve(container, TOKENS.tellPresence);
const logger = resolve(container, TOKENS.logger);

export const handler = withMetrics(container, presenceHandler({ tellPresence, logger }));
