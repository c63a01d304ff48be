import { messageHandler } from '../../adapters/aws/lambda/socket-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsBus } from '../modules/aws-messaging.ts';
import { awsRegistry, awsStore } from '../modules/aws-stores.ts';
import { frames } from '../modules/frames.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'message', [
  awsRegistry(config),
  awsStore(config),
  awsBus(config),
  frames(),
]);

export const handler = withMetrics(container, messageHandler(resolve(container, TOKENS.frameRouter)));
