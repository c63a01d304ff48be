import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { customResourceHandler } from '../../adapters/aws/lambda/custom-resource.ts';
import { PlatformApplications } from '../../adapters/aws/push/platform-applications.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { clientOptions } from '../modules/aws-client.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'platforms', []);
const applications = new PlatformApplications({
  sns: new SNSClient(clientOptions(config)),
  secrets: new SecretsManagerClient(clientOptions(config)),
});

export const handler = withMetrics(
  container,
  customResourceHandler({
    logger: resolve(container, TOKENS.logger),
    apply: request => applications.apply(request),
  }),
);
