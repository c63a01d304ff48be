import type * as z from 'zod';
import { problem } from '../../protocol/problem.ts';

/** Within the 6 MB that Lambda can answer with. */
export const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024;

/** The security that every route under /v1 declares. */
export const BEARER: Record<string, string[]>[] = [{ bearer: [] }];

export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** The problem responses of a route, one entry per status. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map(status => [
      status,
      {
        description: 'Problem details (RFC 9457)',
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
