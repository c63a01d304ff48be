import { fanOutHandler } from '../../adapters/aws/lambda/queue-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsDelivering } from '../modules/aws-delivering.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'fan-out', awsDelivering(config));

const fanOut = resolve(container, TOKENS.fanOut);
const store = resolve(container, TOKENS.store);
const logger = resolve(container, TOKENS.logger);

export const handler = withMetrics(container, fanOutHandler({ fanOut, store, logger }));
