import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Metrics } from '../../ports/metrics.ts';
import type { HttpEnv } from './env.ts';

/** Times every request by its route's pattern, never by its path: a stranger must not choose our label values. */
export const measure =
  (metrics: Metrics): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const startedAt = performance.now();
    await next();
    const labels = { method: c.req.method, route: routePath(c, -1), status: String(c.res.status) };
    metrics.time('http_request_seconds', labels, (performance.now() - startedAt) / 1_000);
  };
