import { messageHandler } from '../../adapters/aws/lambda/message-handler.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsConnections } from '../modules/aws-connections.ts';
import { awsGateway } from '../modules/aws-gateway.ts';
import { awsBus } from '../modules/aws-messaging.ts';
import { awsFrameLimits, awsInbox, awsLimits, awsStore } from '../modules/aws-stores.ts';
import { frames } from '../modules/frames.ts';
import { payloadCheck } from '../payload-check.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env, payloadCheck);
const container = composeFunction(config, 'message', [
  ...awsConnections(config),
  awsStore(config),
  awsInbox(config),
  awsLimits(config),
  awsFrameLimits(),
  awsBus(config),
  awsGateway(config),
  frames(config.limits.frames),
]);

const frameRouter = resolve(container, TOKENS.frameRouter);
const gateway = resolve(container, TOKENS.gateway);
const logger = resolve(container, TOKENS.logger);

export const handler = withMetrics(container, messageHandler({ frameRouter, gateway, logger }));
