import type * as z from 'zod';
import { problem } from '../protocol/problem.ts';
import { CliError, EXIT } from './exit.ts';
import type { Target } from './target.ts';
import { tokenRefused, unreachable } from './target.ts';

/** A server that has not answered by then is as good as none. */
const ANSWER_WITHIN_MS = 10_000;

export interface Question {
  /** Posted as JSON; without it, the answer is got. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws CliError for whatever is not the answer that was expected, saying why in one line */
export const ask = async <Schema extends z.ZodType>(
  { url, token }: Target,
  path: string,
  { body, headers }: Question,
  expected: Schema,
): Promise<z.output<Schema>> => {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch(error => {
    throw unreachable(url, error);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    const parsed = expected.safeParse(answer);
    if (parsed.success) return parsed.data;
  }
  const known = problem.safeParse(answer);
  const detail = known.success
    ? explain(known.data)
    : `unexpected answer ${response.status}; is this Fanfare?`;
  if (response.status === 401) throw tokenRefused(url, detail);
  throw new CliError(detail, EXIT.failed);
};

const explain = ({ detail, errors = [] }: z.output<typeof problem>): string =>
  errors.length === 0 ? detail : errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
