import { deliverHandler } from '../../adapters/aws/lambda/queue-handlers.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { AWS_DELIVERY_POLICY } from '../aws-policy.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsDelivering } from '../modules/aws-delivering.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'deliver', awsDelivering(config));

const deliver = resolve(container, TOKENS.deliver);
const store = resolve(container, TOKENS.store);
const logger = resolve(container, TOKENS.logger);

export const handler = withMetrics(
  container,
  deliverHandler({ deliver, policy: AWS_DELIVERY_POLICY, store, logger }),
);
