import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { requireUser } from '../../../domain/identity.ts';
import { userId } from '../../../domain/ids.ts';
import type { Inbox } from '../../../domain/use-cases/inbox.ts';
import { INBOX_LIMIT } from '../../../domain/use-cases/inbox.ts';
import { userField } from '../../../protocol/fields.ts';
import { viewInbox } from '../../../protocol/inbox-view.ts';
import { inboxView } from '../../../protocol/server-frames.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, MAX_ANSWER_BYTES, problems } from '../openapi.ts';

const getInbox = createRoute({
  method: 'get',
  path: '/v1/users/{id}/inbox',
  operationId: 'inbox',
  summary: "Read a user's inbox",
  description:
    "The notifications sent to the user's own channel, the newest first, with what was done about them. For the user, or an admin.",
  security: BEARER,
  request: {
    params: z.object({ id: userField }),
    query: z.object({
      filter: z.enum(['all', 'unread', 'archived']).optional(),
      before: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(0).max(INBOX_LIMIT.max).optional(),
    }),
  },
  responses: {
    200: json(inboxView.openapi('Inbox'), 'Entries, and how many are unread in the whole inbox'),
    ...problems(400, 401, 403, 429, 503),
  },
});

export const inboxRoutes = (app: HttpApp, { inbox }: { readonly inbox: Inbox }): void => {
  app.openapi(getInbox, async c => {
    const user = userId(c.req.valid('param').id);
    requireUser(c.get('identity'), user);
    const page = await inbox.execute(user, c.req.valid('query'));
    return c.json(viewInbox(page, MAX_ANSWER_BYTES), 200);
  });
};
