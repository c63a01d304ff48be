import { handle } from 'hono/aws-lambda';
import type { LambdaContext } from '../../adapters/aws/lambda/events.ts';
import { httpEvent, parseEvent } from '../../adapters/aws/lambda/events.ts';
import { createHttpApp } from '../../adapters/http/app.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsBus, awsQueue } from '../modules/aws-messaging.ts';
import { awsPeople } from '../modules/aws-people.ts';
import { awsSecurity } from '../modules/aws-security.ts';
import { awsIdempotency, awsInbox, awsLimits, awsPresence, awsStore } from '../modules/aws-stores.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'http', [
  awsStore(config),
  awsIdempotency(config),
  awsInbox(config),
  awsPeople(config),
  awsPresence(config),
  awsLimits(config),
  awsBus(config),
  awsQueue(config),
  awsSecurity(config),
]);

const app = createHttpApp(
  {
    notify: resolve(container, TOKENS.notify),
    history: resolve(container, TOKENS.history),
    presence: resolve(container, TOKENS.readPresence),
    inbox: resolve(container, TOKENS.readInbox),
    redrive: resolve(container, TOKENS.redrive),
    verifier: resolve(container, TOKENS.verifier),
    limiter: resolve(container, TOKENS.limiter),
    logger: resolve(container, TOKENS.logger),
    metrics: resolve(container, TOKENS.metrics),
    health: () => ({ status: 'ok' }),
  },
  { corsOrigins: config.corsOrigins, openMetrics: false, limits: config.limits, version: config.version },
);
const serve = handle(app) as (event: unknown, context: LambdaContext) => Promise<unknown>;

export const handler = withMetrics(container, async (event, context) =>
  serve(parseEvent(httpEvent, event), context),
);
