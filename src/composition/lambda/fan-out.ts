import { fanOutHandler } from '../../adapters/aws/lambda/queue-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsGateway } from '../modules/aws-gateway.ts';
import { awsQueue } from '../modules/aws-messaging.ts';
import { awsRegistry, awsStore } from '../modules/aws-stores.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'fan-out', [
  awsRegistry(config),
  awsStore(config),
  awsQueue(config),
  awsGateway(config),
]);

const fanOut = resolve(container, TOKENS.fanOut);
const store = resolve(container, TOKENS.store);
const logger = resolve(container, TOKENS.logger);

export const handler = withMetrics(container, fanOutHandler({ fanOut, store, logger }));
