import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { scheduleId } from '../../../domain/schedule.ts';
import type { ManageSchedules } from '../../../domain/use-cases/manage-schedules.ts';
import type { Schedule } from '../../../domain/use-cases/schedule.ts';
import { isoOf } from '../../../protocol/iso-time.ts';
import { scheduleBody, scheduleView, timingOf, viewSchedule } from '../../../protocol/schedules.ts';
import type { HttpApp } from '../app.ts';
import { BEARER, json, problems } from '../openapi.ts';

const params = z.object({ id: z.string().min(1).max(128).transform(scheduleId) });

const postSchedule = createRoute({
  method: 'post',
  path: '/v1/schedules',
  operationId: 'schedule',
  summary: 'Tell people something later',
  description: 'Once at a time, or again and again by a cron pattern and a time zone. Each run is sent once.',
  security: BEARER,
  request: { body: { required: true, content: { 'application/json': { schema: scheduleBody } } } },
  responses: { 201: json(scheduleView, 'Scheduled'), ...problems(400, 401, 403, 413, 415, 429, 503) },
});

const getSchedules = createRoute({
  method: 'get',
  path: '/v1/schedules',
  operationId: 'listSchedules',
  summary: "One's own schedules, or with an admin token everyone's",
  security: BEARER,
  request: {
    query: z.object({
      after: z.string().max(128).transform(scheduleId).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: {
    200: json(
      z
        .object({
          schedules: z.array(scheduleView),
          next: z
            .string()
            .optional()
            .meta({ description: 'The `after` of the next page, where there is one' }),
        })
        .meta({ id: 'Schedules' }),
      'In the order of their ids',
    ),
    ...problems(400, 401, 503),
  },
});

const getSchedule = createRoute({
  method: 'get',
  path: '/v1/schedules/{id}',
  operationId: 'findSchedule',
  summary: 'One schedule, with its next runs',
  security: BEARER,
  request: {
    params,
    query: z.object({
      runs: z.coerce.number().int().min(0).max(20).default(0).meta({
        description: 'How many of its next runs are to be listed',
      }),
    }),
  },
  responses: { 200: json(scheduleView, 'The schedule'), ...problems(400, 401, 404, 503) },
});

const deleteSchedule = createRoute({
  method: 'delete',
  path: '/v1/schedules/{id}',
  operationId: 'cancelSchedule',
  summary: 'Cancel a schedule',
  security: BEARER,
  request: { params },
  responses: { 204: { description: 'Cancelled' }, ...problems(401, 404, 503) },
});

const changing = <Path extends string>(path: Path, operationId: string, summary: string) =>
  createRoute({
    method: 'post',
    path,
    operationId,
    summary,
    security: BEARER,
    request: { params },
    responses: { 200: json(scheduleView, 'The schedule since'), ...problems(401, 404, 409, 503) },
  });

const pause = changing('/v1/schedules/{id}/pause', 'pauseSchedule', 'Run no more until it is resumed');
const resume = changing('/v1/schedules/{id}/resume', 'resumeSchedule', 'Go on with the next run from now');

export interface ScheduleParts {
  readonly schedule: Schedule;
  readonly manage: ManageSchedules;
}

export const scheduleRoutes = (app: HttpApp, { schedule, manage }: ScheduleParts): void => {
  app.openapi(postSchedule, async c => {
    const body = c.req.valid('json');
    const { notification: request, missedRuns } = body;
    const identity = c.get('identity');
    const made = await schedule.execute({ identity, request, timing: timingOf(body), missedRuns });
    return c.json(viewSchedule(made), 201, { location: `/v1/schedules/${made.id}` });
  });
  app.openapi(getSchedules, async c => {
    const { after, limit } = c.req.valid('query');
    const page = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
    const found = await manage.list(c.get('identity'), page);
    const shown = found.slice(0, limit);
    const next = found.length > limit ? shown.at(-1)?.id : undefined;
    return c.json({ schedules: shown.map(viewSchedule), ...(next === undefined ? {} : { next }) }, 200);
  });
  app.openapi(getSchedule, async c => {
    const found = await manage.find(c.get('identity'), c.req.valid('param').id);
    const { runs } = c.req.valid('query');
    const view = viewSchedule(found);
    if (runs === 0) return c.json(view, 200);
    const nextRuns = (await manage.nextRuns(found, runs)).map(isoOf);
    return c.json({ ...view, nextRuns }, 200);
  });
  app.openapi(deleteSchedule, async c => {
    await manage.cancel(c.get('identity'), c.req.valid('param').id);
    return c.body(null, 204);
  });
  app.openapi(pause, async c =>
    c.json(viewSchedule(await manage.pause(c.get('identity'), c.req.valid('param').id)), 200),
  );
  app.openapi(resume, async c =>
    c.json(viewSchedule(await manage.resume(c.get('identity'), c.req.valid('param').id)), 200),
  );
};
