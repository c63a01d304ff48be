import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { userId } from '../../../domain/ids.ts';
import type { Survey } from '../../../domain/use-cases/survey.ts';
import { SURVEY_LIMIT } from '../../../domain/use-cases/survey.ts';
import { isoOf } from '../../../protocol/iso-time.ts';
import { channelsView, connectionsView } from '../../../protocol/survey-view.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const page = {
  limit: z.coerce.number().int().min(1).max(SURVEY_LIMIT.max).optional(),
  cursor: z.string().max(256).optional(),
};

const getConnections = createRoute({
  method: 'get',
  path: '/v1/connections',
  operationId: 'connections',
  summary: 'Who is connected',
  description: 'The newest first, in pages. For admins; not on every platform.',
  security: BEARER,
  request: { query: z.object({ ...page, user: z.string().max(128).optional() }) },
  responses: { 200: json(connectionsView, 'Open connections'), ...problems(400, 401, 403) },
});

const getChannels = createRoute({
  method: 'get',
  path: '/v1/channels',
  operationId: 'channels',
  summary: 'What is followed',
  description: 'Those with most followers first, in pages. For admins; not on every platform.',
  security: BEARER,
  request: { query: z.object({ ...page, prefix: z.string().max(140).optional() }) },
  responses: { 200: json(channelsView, 'Followed channels'), ...problems(400, 401, 403) },
});

export const surveyRoutes = (app: HttpApp, survey: Survey): void => {
  app.openapi(getConnections, async c => {
    const { user, ...query } = c.req.valid('query');
    const { entries, total, next } = await survey.connections(c.get('identity'), {
      ...query,
      ...(user === undefined ? {} : { user: userId(user) }),
    });
    const connections = entries.map(({ connection: { id, identity, connectedAt, expiresAt }, channels }) => ({
      connectionId: id,
      user: identity.user,
      admin: identity.admin,
      connectedAt: isoOf(connectedAt),
      expiresAt: isoOf(expiresAt),
      channels,
    }));
    return c.json({ connections, total, next }, 200);
  });

  app.openapi(getChannels, async c => {
    const { entries, total, next } = await survey.channels(c.get('identity'), c.req.valid('query'));
    return c.json({ channels: [...entries], total, next }, 200);
  });
};
