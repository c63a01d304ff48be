import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { userId } from '../../../domain/ids.ts';
import type { EraseUser } from '../../../domain/use-cases/erase-user.ts';
import type { ExportUser, Kept } from '../../../domain/use-cases/export-user.ts';
import { viewDevice } from '../../../protocol/devices.ts';
import { userField } from '../../../protocol/fields.ts';
import { viewEntry } from '../../../protocol/inbox-view.ts';
import { viewMessage } from '../../../protocol/message-view.ts';
import { viewPreferences } from '../../../protocol/preferences.ts';
import { viewSchedule } from '../../../protocol/schedules.ts';
import { viewTrailEntry } from '../../../protocol/trail.ts';
import { viewUser } from '../../../protocol/users.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, problems } from '../openapi.ts';

const params = z.object({ id: userField });

const deleteUser = createRoute({
  method: 'delete',
  path: '/v1/users/{id}',
  operationId: 'eraseUser',
  summary: 'Forget a person',
  description:
    "Erases the user's profile, preferences, channel, inbox, devices, schedules and trail for good. What they said in rooms and topics stays there. For the user, or an admin.",
  security: BEARER,
  request: { params },
  responses: { 204: { description: 'Nothing is kept any more' }, ...problems(400, 401, 403, 503) },
});

const exportUser = createRoute({
  method: 'get',
  path: '/v1/users/{id}/export',
  operationId: 'exportUser',
  summary: 'All that is kept of a person',
  description:
    'A line of JSON for the profile and the preferences, and for each message, inbox entry, device, schedule and entry of the trail. For the user, or an admin.',
  security: BEARER,
  request: { params },
  responses: {
    200: {
      description:
        'JSON lines, each with `user`, `preferences`, `message`, `inbox`, `device`, `schedule` or `trail`; the last is `{"complete":true}`',
      content: { 'application/x-ndjson': { schema: z.string() } },
    },
    ...problems(400, 401, 403, 503),
  },
});

export interface UserParts {
  readonly erase: EraseUser;
  readonly exporting: ExportUser;
}

export const userRoutes = (app: HttpApp, { erase, exporting }: UserParts): void => {
  app.openapi(deleteUser, async c => {
    await erase.execute(c.get('identity'), userId(c.req.valid('param').id));
    return c.body(null, 204);
  });
  app.openapi(exportUser, async c => {
    const kept = exporting.execute(c.get('identity'), userId(c.req.valid('param').id));
    const body = streamOf(lines(kept));
    // The route's type knows JSON and text alone.
    return c.body(body, 200, { 'content-type': 'application/x-ndjson' }) as never;
  });
};

/** As fast as the reader reads. */
const streamOf = (texts: AsyncGenerator<string>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: async controller => {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await texts.return(undefined);
    },
  });
};

/** One for each, and one to tell that it was not cut. */
async function* lines(kept: AsyncIterable<Kept>): AsyncGenerator<string> {
  for await (const one of kept) yield `${JSON.stringify(view(one))}\n`;
  yield '{"complete":true}\n';
}

const view = (kept: Kept): object => {
  switch (kept.kind) {
    case 'user':
      return { user: viewUser(kept.user) };
    case 'preferences':
      return { preferences: viewPreferences(kept.preferences) };
    case 'message':
      return { message: viewMessage(kept.message) };
    case 'inbox':
      return { inbox: viewEntry(kept.entry) };
    case 'device':
      return { device: viewDevice(kept.device) };
    case 'schedule':
      return { schedule: viewSchedule(kept.schedule) };
    case 'trail':
      return { trail: { notificationId: kept.entry.notificationId, ...viewTrailEntry(kept.entry) } };
  }
};
