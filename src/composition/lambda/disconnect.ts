import { disconnectHandler } from '../../adapters/aws/lambda/socket-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsConnections } from '../modules/aws-connections.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'disconnect', awsConnections(config));

export const handler = withMetrics(container, disconnectHandler(resolve(container, TOKENS.disconnect)));
