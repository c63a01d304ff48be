import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { requireUser } from '../../../domain/identity.ts';
import { messageId, userId } from '../../../domain/ids.ts';
import type { Mark } from '../../../domain/use-cases/mark.ts';
import { countView, userField } from '../../../protocol/fields.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const ofUser = z.object({ id: userField.transform(userId) });
const unread = json(
  z.object({ unread: countView.meta({ description: 'In the whole inbox, since' }) }).meta({ id: 'Unread' }),
  'Marked, and told to all open screens of the user; phones that show it take it back',
);

const readOne = createRoute({
  method: 'post',
  path: '/v1/users/{id}/inbox/{messageId}/read',
  operationId: 'readInboxEntry',
  summary: 'Mark a notification read',
  description: 'As on a screen. For the user, or an admin.',
  security: BEARER,
  request: {
    params: ofUser.extend({ messageId: z.string().min(1).max(256).transform(messageId) }),
  },
  responses: { 200: unread, ...problems(400, 401, 403, 404, 429, 503) },
});

const readAll = createRoute({
  method: 'post',
  path: '/v1/users/{id}/inbox/read',
  operationId: 'readInbox',
  summary: 'Mark everything read that has come so far',
  description: 'As on a screen. For the user, or an admin.',
  security: BEARER,
  request: { params: ofUser },
  responses: { 200: unread, ...problems(400, 401, 403, 429, 503) },
});

/** What a screen can do over its socket, for programs and for phones that were woken. */
export const inboxMarkRoutes = (app: HttpApp, { mark }: { readonly mark: Mark }): void => {
  app.openapi(readOne, async c => {
    const { id: user, messageId: message } = c.req.valid('param');
    requireUser(c.get('identity'), user);
    return c.json({ unread: await mark.execute(user, [message], 'read') }, 200);
  });
  app.openapi(readAll, async c => {
    const { id: user } = c.req.valid('param');
    requireUser(c.get('identity'), user);
    return c.json({ unread: await mark.all(user) }, 200);
  });
};
