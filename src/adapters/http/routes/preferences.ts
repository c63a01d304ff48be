import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { userId } from '../../../domain/ids.ts';
import type { ManagePreferences } from '../../../domain/use-cases/manage-preferences.ts';
import { userField } from '../../../protocol/fields.ts';
import {
  preferencesBody,
  preferencesOf,
  preferencesView,
  viewPreferences,
} from '../../../protocol/preferences.ts';
import type { HttpApp } from '../app.ts';
import { readIfMatch, readIfNoneMatch, tagOf } from '../entity-tags.ts';
import { BEARER, json, problems } from '../openapi.ts';
import { answerProblem } from '../problems.ts';

const params = z.object({ id: userField.transform(userId) });
const path = '/v1/users/{id}/preferences';
const tagged = {
  headers: z.object({ ETag: z.string().meta({ description: 'Of this version', example: '"3"' }) }),
};

const getPreferences = createRoute({
  method: 'get',
  path,
  operationId: 'findPreferences',
  summary: 'How a user wants to be reached',
  description: 'Of a user who never said: no preferences, with a tag as well. For the user, or an admin.',
  security: BEARER,
  request: {
    params,
    headers: z.object({ 'if-none-match': z.string().optional().meta({ example: '"3"' }) }),
  },
  responses: {
    200: { ...json(preferencesView, 'The preferences'), ...tagged },
    304: { description: 'They are still as they were' },
    ...problems(400, 401, 403, 503),
  },
});

const putPreferences = createRoute({
  method: 'put',
  path,
  operationId: 'savePreferences',
  summary: 'Say how a user wants to be reached',
  description:
    'Replaces all that was said before; with If-Match, only what has that tag. For the user, or an admin.',
  security: BEARER,
  request: {
    params,
    headers: z.object({ 'if-match': z.string().optional().meta({ example: '"3"' }) }),
    body: { required: true, content: { 'application/json': { schema: preferencesBody } } },
  },
  responses: {
    200: { ...json(preferencesView, 'The preferences since'), ...tagged },
    ...problems(400, 401, 403, 412, 413, 415, 429, 503),
  },
});

export interface PreferenceParts {
  readonly preferences: ManagePreferences;
}

export const preferenceRoutes = (app: HttpApp, { preferences }: PreferenceParts): void => {
  app.openapi(getPreferences, async c => {
    const known = readIfNoneMatch(c.req.valid('header')['if-none-match']);
    const found = await preferences.find(c.get('identity'), c.req.valid('param').id);
    c.header('etag', tagOf(found.version));
    c.header('cache-control', 'private, no-cache');
    if (known === '*' || known?.includes(found.version)) return c.body(null, 304);
    return c.json(viewPreferences(found.preferences), 200);
  });
  app.openapi(putPreferences, async c => {
    const wanted = preferencesOf(c.req.valid('json'));
    const named = readIfMatch(c.req.valid('header')['if-match']);
    const ifVersions = named === '*' ? undefined : named;
    const user = c.req.valid('param').id;
    const saved = await preferences.save(c.get('identity'), user, wanted, ifVersions);
    if (saved === 'changed') {
      const detail = 'the preferences have changed since they were read; read them again';
      const errors = [{ field: 'If-Match', message: detail }];
      // The route's type knows its own answers alone.
      return answerProblem(c, { status: 412, code: 'conflict', detail, errors }) as never;
    }
    c.header('etag', tagOf(saved.version));
    return c.json(viewPreferences(wanted), 200);
  });
};
