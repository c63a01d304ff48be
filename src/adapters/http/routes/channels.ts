import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { parseChannel } from '../../../domain/channel.ts';
import type { History } from '../../../domain/use-cases/history.ts';
import { HISTORY_LIMIT } from '../../../domain/use-cases/history.ts';
import { channelField, messageView, positionView } from '../../../protocol/fields.ts';
import { viewHistory } from '../../../protocol/history-view.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, MAX_ANSWER_BYTES, problems } from '../openapi.ts';

const offset = z.coerce.number().int().min(0);

const getMessages = createRoute({
  method: 'get',
  path: '/v1/channels/{channel}/messages',
  operationId: 'history',
  summary: "Read a channel's log",
  description: 'The newest messages; or those after an offset, oldest first; or those before one.',
  security: BEARER,
  request: {
    params: z.object({ channel: channelField }),
    query: z.object({
      after: offset.optional(),
      before: offset.optional(),
      limit: z.coerce.number().int().min(1).max(HISTORY_LIMIT.max).optional(),
    }),
  },
  responses: {
    200: json(
      z
        .object({
          messages: z.array(messageView),
          position: positionView,
          complete: z
            .boolean()
            .openapi({ description: 'Nothing further is kept in the direction asked for' }),
          trimmed: z.boolean().openapi({ description: 'Some of what was asked for is no longer kept' }),
        })
        .openapi('History'),
      'Messages in ascending order of offset',
    ),
    ...problems(400, 401, 403),
  },
});

export const channelRoutes = (app: HttpApp, { history }: { readonly history: History }): void => {
  app.openapi(getMessages, async c => {
    const { channel } = c.req.valid('param');
    const query = c.req.valid('query');
    const page = await history.execute(c.get('identity'), parseChannel(channel), query);
    return c.json(viewHistory(page, query, MAX_ANSWER_BYTES), 200);
  });
};
