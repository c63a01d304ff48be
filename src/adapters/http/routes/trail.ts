import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { notificationId, userId } from '../../../domain/ids.ts';
import type { Explain } from '../../../domain/use-cases/explain.ts';
import { TRAIL_LIMIT, USER_NOTIFICATIONS_LIMIT } from '../../../domain/use-cases/explain.ts';
import { userField } from '../../../protocol/fields.ts';
import {
  trailView,
  userNotificationsView,
  viewTrail,
  viewUserNotifications,
} from '../../../protocol/trail.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const cursor = z.string().max(64).optional();

const getNotification = createRoute({
  method: 'get',
  path: '/v1/notifications/{id}',
  operationId: 'explain',
  summary: 'What became of a notification, and why',
  description:
    'The decision trail, oldest first. A user sees what concerns them, an admin sees all, or with `user` what concerns one.',
  security: BEARER,
  request: {
    params: z.object({ id: z.string().min(1).max(128).transform(notificationId) }),
    query: z.object({
      user: userField.transform(userId).optional(),
      cursor,
      limit: z.coerce.number().int().min(1).max(TRAIL_LIMIT.max).optional(),
    }),
  },
  responses: { 200: json(trailView, 'Its trail'), ...problems(400, 401, 404, 429, 503) },
});

const getUserNotifications = createRoute({
  method: 'get',
  path: '/v1/users/{id}/notifications',
  operationId: 'userNotifications',
  summary: "A user's notifications, with the last that happened to each",
  description: "What was sent to the user's own channel, the newest first. For the user, or an admin.",
  security: BEARER,
  request: {
    params: z.object({ id: userField.transform(userId) }),
    query: z.object({
      cursor,
      limit: z.coerce.number().int().min(1).max(USER_NOTIFICATIONS_LIMIT.max).optional(),
    }),
  },
  responses: {
    200: json(userNotificationsView, 'A page; empty for somebody whom nothing was sent to'),
    ...problems(400, 401, 403, 429, 503),
  },
});

export const trailRoutes = (app: HttpApp, { explain }: { readonly explain: Explain }): void => {
  app.openapi(getNotification, async c => {
    const { id } = c.req.valid('param');
    const page = await explain.execute(c.get('identity'), id, c.req.valid('query'));
    return c.json(viewTrail(id, page), 200);
  });
  app.openapi(getUserNotifications, async c => {
    const page = await explain.ofUser(c.get('identity'), c.req.valid('param').id, c.req.valid('query'));
    return c.json(viewUserNotifications(page), 200);
  });
};
