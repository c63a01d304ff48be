import { createRoute } from '@hono/zod-openapi';
import type { Redrive } from '../../../domain/use-cases/redrive.ts';
import {
  deadLettersView,
  redriveQuery,
  redriveReceipt,
  redriveRequest,
  viewDeadLetter,
} from '../../../protocol/dead-letters.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const getDeadLetters = createRoute({
  method: 'get',
  path: '/v1/dead-letters',
  operationId: 'deadLetters',
  summary: 'Look at what delivery gave up on',
  description: 'The oldest first. Looking takes none away. For admins.',
  security: BEARER,
  request: { query: redriveQuery },
  responses: {
    200: json(deadLettersView, 'Deliveries that were given up, each with its cause'),
    ...problems(400, 401, 403, 503),
  },
});

/** The route that puts some of what was given up back. */
export const redriving = <Path extends string>(
  path: Path,
  operationId: string,
  told: { readonly summary: string; readonly description: string },
) =>
  createRoute({
    method: 'post',
    path,
    operationId,
    ...told,
    security: BEARER,
    request: {
      body: { required: true, content: { 'application/json': { schema: redriveRequest } } },
    },
    responses: {
      200: json(redriveReceipt, 'Fewer than asked for: there are no others'),
      ...problems(400, 401, 403, 415, 503),
    },
  });

const postRedrive = redriving('/v1/dead-letters/redrive', 'redrive', {
  summary: 'Try again what delivery gave up on',
  description: 'Puts the oldest back into the delivery queue, with all their attempts. For admins.',
});

export const deadLetterRoutes = (app: HttpApp, { redrive }: { readonly redrive: Redrive }): void => {
  app.openapi(getDeadLetters, async c => {
    const { deadLetters, complete } = await redrive.look(c.get('identity'), c.req.valid('query').limit);
    return c.json({ deadLetters: deadLetters.map(viewDeadLetter), complete }, 200);
  });
  app.openapi(postRedrive, async c => {
    const redriven = await redrive.execute(c.get('identity'), c.req.valid('json').limit);
    return c.json({ redriven }, 200);
  });
};
