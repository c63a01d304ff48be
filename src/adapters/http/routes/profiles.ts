import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { userId } from '../../../domain/ids.ts';
import type { ManageUsers } from '../../../domain/use-cases/manage-users.ts';
import { userField } from '../../../protocol/fields.ts';
import { profileBody, userView, viewUser } from '../../../protocol/users.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const params = z.object({ id: userField.transform(userId) });

const getUsers = createRoute({
  method: 'get',
  path: '/v1/users',
  operationId: 'listUsers',
  summary: 'Everyone of whom something is known',
  description: 'For an admin. Who was only ever notified is not among them.',
  security: BEARER,
  request: {
    query: z.object({
      after: userField.transform(userId).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: {
    200: json(
      z
        .object({
          users: z.array(userView),
          next: z
            .string()
            .optional()
            .meta({ description: 'The `after` of the next page, where there is one' }),
        })
        .meta({ id: 'Users' }),
      'In the order of their ids',
    ),
    ...problems(400, 401, 403, 503),
  },
});

const getUser = createRoute({
  method: 'get',
  path: '/v1/users/{id}',
  operationId: 'findUser',
  summary: 'What is known of a user',
  description: 'For the user, or an admin.',
  security: BEARER,
  request: { params },
  responses: { 200: json(userView, 'The user'), ...problems(400, 401, 403, 404, 503) },
});

const putUser = createRoute({
  method: 'put',
  path: '/v1/users/{id}',
  operationId: 'saveUser',
  summary: 'Say who a user is',
  description: 'Replaces what was said before. For the user, or an admin.',
  security: BEARER,
  request: { params, body: { required: true, content: { 'application/json': { schema: profileBody } } } },
  responses: { 200: json(userView, 'The user since'), ...problems(400, 401, 403, 413, 415, 429, 503) },
});

export interface ProfileParts {
  readonly users: ManageUsers;
}

export const profileRoutes = (app: HttpApp, { users }: ProfileParts): void => {
  app.openapi(getUsers, async c => {
    const { after, limit } = c.req.valid('query');
    const page = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
    const found = await users.list(c.get('identity'), page);
    const shown = found.slice(0, limit);
    const next = found.length > limit ? shown.at(-1)?.id : undefined;
    return c.json({ users: shown.map(viewUser), ...(next === undefined ? {} : { next }) }, 200);
  });
  app.openapi(getUser, async c =>
    c.json(viewUser(await users.find(c.get('identity'), c.req.valid('param').id)), 200),
  );
  app.openapi(putUser, async c =>
    c.json(viewUser(await users.save(c.get('identity'), c.req.valid('param').id, c.req.valid('json'))), 200),
  );
};
