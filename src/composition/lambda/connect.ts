import { connectHandler } from '../../adapters/aws/lambda/socket-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { LONGEST_LIFE_MS } from '../aws-policy.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsConnections } from '../modules/aws-connections.ts';
import { awsSecurity } from '../modules/aws-security.ts';
import { handshakes } from '../modules/handshakes.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'connect', [
  ...awsConnections(config),
  awsSecurity(config),
  handshakes({ tokenInQuery: false, longestLifeMs: LONGEST_LIFE_MS }),
]);

export const handler = withMetrics(container, connectHandler(resolve(container, TOKENS.handshakes)));
