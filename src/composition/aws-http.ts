import { handle } from 'hono/aws-lambda';
import type { Container, ContainerModule } from 'inversify';
import type { LambdaContext } from '../adapters/aws/lambda/events.ts';
import { httpEvent, parseEvent } from '../adapters/aws/lambda/events.ts';
import type { HttpAppParts } from '../adapters/http/app.ts';
import { createHttpApp } from '../adapters/http/app.ts';
import type { AwsConfig } from './aws-config.ts';
import { withMetrics } from './compose-aws.ts';
import { resolve } from './injection.ts';
import { awsBus, awsQueue } from './modules/aws-messaging.ts';
import { awsCategories } from './modules/aws-people.ts';
import { awsSecurity } from './modules/aws-security.ts';
import { awsIdempotency, awsInbox, awsLimits, awsPresence, awsStore } from './modules/aws-stores.ts';
import { TOKENS } from './tokens.ts';

/** What answering the HTTP API needs, with a database or without. */
export const httpModules = (config: AwsConfig): ContainerModule[] => [
  awsStore(config),
  awsIdempotency(config),
  awsInbox(config),
  awsPresence(config),
  awsLimits(config),
  awsBus(config),
  awsQueue(config),
  awsSecurity(config),
  awsCategories(config),
];

/** The HTTP API as a function, with the routes that only some have. */
export const httpHandler = (
  container: Container,
  { corsOrigins, limits, version }: AwsConfig,
  routes: Pick<HttpAppParts, 'openRoutes' | 'moreRoutes'> = {},
) => {
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
      ...routes,
    },
    { corsOrigins, openMetrics: false, limits, version },
  );
  const serve = handle(app) as (event: unknown, context: LambdaContext) => Promise<unknown>;
  return withMetrics(container, async (event, context) => serve(parseEvent(httpEvent, event), context));
};
