import type { MiddlewareHandler } from 'hono';
import { FanfareError } from '../../domain/errors.ts';
import type { TokenVerifier } from '../../ports/token-verifier.ts';
import type { HttpEnv } from './env.ts';

/** Lets a request pass with who sent it; 401 without a good bearer token. */
export const authenticate =
  (verifier: TokenVerifier): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (token === undefined) {
      throw new FanfareError('unauthenticated', 'expected the header Authorization: Bearer <token>');
    }
    c.set('identity', await verifier.verify(token));
    await next();
  };

/** Behind `authenticate`: 403 for all but admins. */
export const requireAdmin: MiddlewareHandler<HttpEnv> = async (c, next) => {
  if (!c.get('identity').admin) throw new FanfareError('forbidden', 'expected an admin token');
  await next();
};
