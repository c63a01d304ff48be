import * as z from 'zod';

/** RFC 9457 problem details, with the fields at fault and the request's id. */
export const problem = z
  .object({
    type: z.string().meta({ example: 'about:blank' }),
    title: z.string().meta({ example: 'Bad Request' }),
    status: z.int(),
    code: z.string().meta({ example: 'invalid' }),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.output<typeof problem>;
