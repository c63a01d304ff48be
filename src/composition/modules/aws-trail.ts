import { SQSClient } from '@aws-sdk/client-sqs';
import { ContainerModule } from 'inversify';
import { LoggedTrail } from '../../adapters/aws/logged-trail.ts';
import { SqsTrail } from '../../adapters/aws/messaging/sqs-trail.ts';
import type { AwsConfig } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

const { clock, ids, logger } = TOKENS;

/** For functions that have no database: by the queue, or where there is none either, to the log. */
export const awsTrail = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    const { queueUrl } = config.trail;
    if (queueUrl === undefined) singleton(options, TOKENS.trail, { logger }, parts => new LoggedTrail(parts));
    else
      singleton(options, TOKENS.trail, { clock, ids, logger }, ({ logger: log, ...parts }) => {
        const client = new SQSClient(clientOptions(config));
        return new LoggedTrail({ logger: log, inner: new SqsTrail({ ...parts, client, queueUrl }) });
      });
  });

/** For those that have one: what is told is there at the next look. */
export const trailInDatabase = new ContainerModule(options =>
  singleton(options, TOKENS.trail, { logger, inner: LOCAL_TOKENS.log }, parts => new LoggedTrail(parts)),
);
