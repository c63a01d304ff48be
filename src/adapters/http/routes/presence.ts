import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { parseChannel } from '../../../domain/channel.ts';
import type { Presence } from '../../../domain/use-cases/presence.ts';
import { targetField } from '../../../protocol/fields.ts';
import { presenceView } from '../../../protocol/server-frames.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const getPresence = createRoute({
  method: 'get',
  path: '/v1/channels/{channel}/presence',
  operationId: 'presence',
  summary: 'Say who is in a channel',
  description:
    'For a channel whose rule keeps presence, and a token with the capability `presence`. Beyond 100 users there is a count alone.',
  security: BEARER,
  request: { params: z.object({ channel: targetField }) },
  responses: {
    200: json(presenceView.openapi('Presence'), 'Users with an open connection that follows the channel'),
    ...problems(400, 401, 403, 429, 503),
  },
});

export const presenceRoutes = (app: HttpApp, { presence }: { readonly presence: Presence }): void => {
  app.openapi(getPresence, async c => {
    const channel = parseChannel(c.req.valid('param').channel);
    return c.json(await presence.execute(c.get('identity'), channel), 200);
  });
};
