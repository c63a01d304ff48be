import type { MiddlewareHandler } from 'hono';
import { FanfareError } from '../../domain/errors.ts';
import type { RateLimit, RateLimiter } from '../../ports/rate-limiter.ts';
import type { HttpEnv } from './env.ts';

export interface RequestLimits {
  /** Of one user, by all their tokens together; no limit where absent. */
  readonly requests?: RateLimit;
  /** Of one admin, likewise. */
  readonly adminRequests?: RateLimit;
}

/** Behind `authenticate`: 429 for who asks too often, and to everyone the headers of draft-ietf-httpapi-ratelimit-headers. */
export const limitRate =
  (limiter: RateLimiter, { requests, adminRequests }: RequestLimits): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const { user, admin } = c.get('identity');
    const limit = admin ? adminRequests : requests;
    if (limit === undefined) return next();
    const decision = await limiter.take(`requests/${user}`, limit);
    const { perSecond, burst } = limit;
    const remaining = decision.allowed ? decision.remaining : 0;
    const nextMs = decision.allowed ? 1_000 / perSecond : decision.retryAfterMs;
    c.header('RateLimit-Policy', `"requests";q=${burst};w=${Math.ceil(burst / perSecond)}`);
    c.header('RateLimit', `"requests";r=${remaining};t=${Math.ceil(nextMs / 1_000)}`);
    if (decision.allowed) return next();
    throw new FanfareError('rate-limited', `more than ${perSecond} requests a second`, {
      retryAfterMs: decision.retryAfterMs,
    });
  };
