import { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import type { History } from '../../domain/use-cases/history.ts';
import type { Inbox } from '../../domain/use-cases/inbox.ts';
import type { Notify } from '../../domain/use-cases/notify.ts';
import type { Presence } from '../../domain/use-cases/presence.ts';
import type { Redrive } from '../../domain/use-cases/redrive.ts';
import type { Survey } from '../../domain/use-cases/survey.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RateLimiter } from '../../ports/rate-limiter.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';
import { fieldErrors } from '../../protocol/issues.ts';
import { authenticate, requireAdmin } from './authenticate.ts';
import type { HttpEnv } from './env.ts';
import { limitBody } from './limit-body.ts';
import type { RequestLimits } from './limit-rate.ts';
import { limitRate } from './limit-rate.ts';
import { measure } from './measure.ts';
import { answerProblem, problemHandler } from './problems.ts';
import { channelRoutes } from './routes/channels.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { presenceRoutes } from './routes/presence.ts';
import { surveyRoutes } from './routes/survey.ts';

export type HttpApp = OpenAPIHono<HttpEnv>;

export interface HttpAppParts {
  readonly notify: Notify;
  readonly history: History;
  readonly presence: Presence;
  readonly inbox: Inbox;
  readonly redrive: Redrive;
  /** Routes that not every composition has; so that those without do not carry their code. */
  readonly moreRoutes?: (app: HttpApp) => void;
  /** Likewise, those under /v1 that ask for no token. */
  readonly openRoutes?: (app: HttpApp) => void;
  /** Without it, nobody can be told who is connected. */
  readonly survey?: Survey;
  readonly verifier: TokenVerifier;
  readonly limiter: RateLimiter;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: () => { readonly status: 'ok' | 'draining' };
  /** The socket's protocol as AsyncAPI; without it there is no /asyncapi.json. */
  readonly describeSocket?: (version: string) => object;
  /** Where the metrics can be scraped; without it there is no /metrics. */
  readonly exposeMetrics?: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface HttpAppOptions {
  /** Origins whose pages may call, or `*`; none by default. */
  readonly corsOrigins: readonly string[];
  /** Whether /metrics asks for no admin token. */
  readonly openMetrics: boolean;
  readonly limits: RequestLimits;
  readonly version: string;
}

/** A request's body: the largest notification there can be, and some room. */
const MAX_BODY_BYTES = 160 * 1_024;

/** The HTTP API: the same app on Node and in Lambda, so nothing here knows either. */
export const createHttpApp = (parts: HttpAppParts, options: HttpAppOptions): HttpApp => {
  const app: HttpApp = new OpenAPIHono<HttpEnv>({
    defaultHook: (result, c) => {
      if (result.success) return;
      const errors = fieldErrors(result.error);
      const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
      return answerProblem(c, { status: 400, code: 'invalid', detail, errors });
    },
  });
  app.onError(problemHandler(parts));
  app.notFound(c =>
    answerProblem(c, { status: 404, code: 'not-found', detail: `there is no ${c.req.method} ${c.req.path}` }),
  );

  app.use(requestId({ limitLength: 64 }));
  app.use(measure(parts.metrics));
  if (options.corsOrigins.length > 0)
    app.use(
      cors({
        origin: [...options.corsOrigins],
        exposeHeaders: ['x-request-id', 'etag', 'ratelimit', 'ratelimit-policy', 'retry-after'],
      }),
    );

  parts.openRoutes?.(app);
  app.use('/v1/*', authenticate(parts.verifier));
  app.use('/v1/*', async (c, next) => {
    const mayHaveBody = c.req.method === 'POST' || c.req.method === 'PUT';
    const hasBody = mayHaveBody && c.req.header('content-length') !== '0';
    if (!hasBody || /^application\/([\w.+-]+\+)?json\b/i.test(c.req.header('content-type') ?? ''))
      return next();
    return answerProblem(c, {
      status: 415,
      code: 'invalid',
      detail: 'expected Content-Type: application/json',
    });
  });
  app.use('/v1/*', limitRate(parts.limiter, options.limits));
  app.use('/v1/*', limitBody(MAX_BODY_BYTES));

  notificationRoutes(app, parts);
  channelRoutes(app, parts);
  presenceRoutes(app, parts);
  inboxRoutes(app, parts);
  deadLetterRoutes(app, parts);
  if (parts.survey !== undefined) surveyRoutes(app, parts.survey);
  parts.moreRoutes?.(app);
  operationRoutes(app, parts, options);
  return app;
};

const operationRoutes = (app: HttpApp, parts: HttpAppParts, options: HttpAppOptions): void => {
  const { exposeMetrics, describeSocket, verifier } = parts;
  app.get('/health', c => {
    const health = parts.health();
    return c.json({ ...health, version: options.version }, health.status === 'ok' ? 200 : 503);
  });

  if (exposeMetrics !== undefined) {
    if (!options.openMetrics) app.use('/metrics', authenticate(verifier), requireAdmin);
    app.get('/metrics', async c => {
      const { contentType, body } = await exposeMetrics();
      return c.body(body, 200, { 'content-type': contentType });
    });
  }

  if (describeSocket !== undefined) {
    app.get('/asyncapi.json', c => c.json(describeSocket(options.version)));
  }

  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Fanfare', version: options.version, license: { name: 'Apache-2.0' } },
  });
};
