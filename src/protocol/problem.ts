import { z } from '@hono/zod-openapi';

/** RFC 9457 problem details, with the fields at fault and the request's id. */
export const problem = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string().openapi({ example: 'Bad Request' }),
    status: z.int(),
    code: z.string().openapi({ example: 'invalid' }),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

export type Problem = z.output<typeof problem>;
