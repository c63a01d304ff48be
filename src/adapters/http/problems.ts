import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ErrorCode } from '../../domain/errors.ts';
import { causeOf, FanfareError, isOurs } from '../../domain/errors.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { FieldError } from '../../protocol/issues.ts';
import type { Problem } from '../../protocol/problem.ts';
import type { HttpEnv } from './env.ts';

const STATUS = {
  unauthenticated: 401,
  forbidden: 403,
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'limit-exceeded': 422,
  'rate-limited': 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

interface ProblemParts {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterMs?: number;
}

/** When to try again what is not available, where nobody knows better. */
const UNAVAILABLE_MS = 1_000;

/** RFC 9457 problem details. */
export const answerProblem = (c: Context<HttpEnv>, parts: ProblemParts): Response => {
  const { status, code, detail, errors, retryAfterMs } = parts;
  const problem: Problem = {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    code,
    detail,
    requestId: c.get('requestId'),
    ...(errors === undefined || errors.length === 0 ? {} : { errors: [...errors] }),
  };
  c.header('content-type', 'application/problem+json');
  if (status === 401) c.header('www-authenticate', 'Bearer');
  if (retryAfterMs !== undefined) c.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
  c.status(status as Parameters<typeof c.status>[0]);
  return c.body(JSON.stringify(problem));
};

/** What anything thrown is answered with. A defect is logged whole and told as `internal`. */
export const problemHandler =
  (ports: { readonly logger: Logger; readonly metrics: Metrics }) =>
  (error: Error, c: Context<HttpEnv>): Response => {
    if (error instanceof HTTPException && error.status < 500) {
      return answerProblem(c, { status: error.status, code: 'invalid', detail: error.message });
    }
    if (isOurs(error)) {
      ports.metrics.count('failures_total', { where: 'http' });
      const fields = {
        requestId: c.get('requestId'),
        path: c.get('loggedPath') ?? c.req.path,
        cause: causeOf(error),
      };
      ports.logger.error('http.failed', fields);
    }
    if (error instanceof FanfareError && error.code !== 'internal') {
      const { code, message, field } = error;
      const retryAfterMs = error.retryAfterMs ?? (code === 'unavailable' ? UNAVAILABLE_MS : undefined);
      const errors = field === undefined ? [] : [{ field, message }];
      return answerProblem(c, { status: STATUS[code], code, detail: message, errors, retryAfterMs });
    }
    return answerProblem(c, { status: 500, code: 'internal', detail: 'something went wrong on our side' });
  };
