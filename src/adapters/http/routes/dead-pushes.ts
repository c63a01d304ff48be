import { createRoute } from '@hono/zod-openapi';
import type { DeadPushTask } from '../../../domain/push-task.ts';
import type { Redrive } from '../../../domain/use-cases/redrive.ts';
import { redriveQuery } from '../../../protocol/dead-letters.ts';
import { deadPushesView, viewDeadPush } from '../../../protocol/dead-pushes.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';
import { redriving } from './dead-letters.ts';

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

const postRedrive = redriving('/v1/dead-pushes/redrive', 'redrivePushes', {
  summary: 'Try again to push what was given up',
  description: 'What has expired meanwhile is given up again. For admins.',
});

export const deadPushRoutes = (
  app: HttpApp,
  { redrivePushes }: { readonly redrivePushes: Redrive<DeadPushTask> },
): void => {
  app.openapi(getDeadPushes, async c => {
    const { deadLetters, complete } = await redrivePushes.look(c.get('identity'), c.req.valid('query').limit);
    return c.json({ deadPushes: deadLetters.map(viewDeadPush), complete }, 200);
  });
  app.openapi(postRedrive, async c => {
    const redriven = await redrivePushes.execute(c.get('identity'), c.req.valid('json').limit);
    return c.json({ redriven }, 200);
  });
};
