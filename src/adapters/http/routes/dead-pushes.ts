import { createRoute } from '@hono/zod-openapi';
import type { RedrivePushes } from '../../../domain/use-cases/redrive-pushes.ts';
import { redriveQuery, redriveReceipt, redriveRequest } from '../../../protocol/dead-letters.ts';
import { deadPushesView, viewDeadPush } from '../../../protocol/dead-pushes.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const getDeadPushes = createRoute({
  method: 'get',
  path: '/v1/dead-pushes',
  operationId: 'deadPushes',
  summary: 'Look at the pushes that were given up',
  description: 'The oldest first. Looking takes none away. For admins.',
  security: BEARER,
  request: { query: redriveQuery },
  responses: {
    200: json(deadPushesView, 'Pushes that were given up, each with its cause'),
    ...problems(400, 401, 403, 503),
  },
});

const postRedrive = createRoute({
  method: 'post',
  path: '/v1/dead-pushes/redrive',
  operationId: 'redrivePushes',
  summary: 'Try again to push what was given up',
  description: 'What has expired meanwhile is given up again. For admins.',
  security: BEARER,
  request: {
    body: { required: true, content: { 'application/json': { schema: redriveRequest } } },
  },
  responses: {
    200: json(redriveReceipt, 'Fewer than asked for: there are no others'),
    ...problems(400, 401, 403, 415, 503),
  },
});

export const deadPushRoutes = (
  app: HttpApp,
  { redrivePushes }: { readonly redrivePushes: RedrivePushes },
): void => {
  app.openapi(getDeadPushes, async c => {
    const { deadPushes, complete } = await redrivePushes.look(c.get('identity'), c.req.valid('query').limit);
    return c.json({ deadPushes: deadPushes.map(viewDeadPush), complete }, 200);
  });
  app.openapi(postRedrive, async c => {
    const redriven = await redrivePushes.execute(c.get('identity'), c.req.valid('json').limit);
    return c.json({ redriven }, 200);
  });
};
