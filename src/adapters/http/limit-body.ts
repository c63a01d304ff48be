import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { HttpEnv } from './env.ts';
import { answerProblem } from './problems.ts';

/**
 * 413 for a body over the limit, before it is read. Hono's own middleware looks at the body's stream even where the
 * length is announced, which on Node costs more than all the rest of a request; so it is asked only where none is.
 */
export const limitBody = (maxBytes: number): MiddlewareHandler<HttpEnv> => {
  const detail = `expected a body of at most ${maxBytes} bytes`;
  const refuse = (c: Parameters<typeof answerProblem>[0]): Response =>
    answerProblem(c, {
      status: 413,
      code: 'too-large',
      detail,
      errors: [{ field: 'body', message: detail }],
    });
  const count = bodyLimit({ maxSize: maxBytes, onError: refuse });

  return async (c, next) => {
    const announced = c.req.header('content-length');
    if (announced === undefined || c.req.header('transfer-encoding') !== undefined) return count(c, next);
    return Number(announced) > maxBytes ? refuse(c) : next();
  };
};
