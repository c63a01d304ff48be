import * as z from 'zod';
import type { Schedule, Timing } from '../domain/schedule.ts';
import { channelView, notificationView, timeView, userIdView } from './fields.ts';
import { isoOf } from './iso-time.ts';
import { viewNotification } from './message-view.ts';
import { notificationBody } from './notifications.ts';

const missedRuns = z.enum(['run-once', 'skip']);

export const scheduleBody = z
  .strictObject({
    notification: notificationBody,
    deliverAt: z.iso
      .datetime({ offset: true })
      .transform(text => Date.parse(text))
      .optional()
      .meta({ type: 'string', format: 'date-time', description: 'Once, at this time' }),
    cron: z.string().min(9).max(128).optional().meta({
      description: 'Again and again: minute, hour, day of the month, month, weekday',
      example: '0 9 * * MON',
    }),
    timeZone: z.string().min(1).max(64).optional().meta({
      description:
        'Whose clocks `cron` is read by, UTC by default; `user` reads it by those of each user it goes to',
      example: 'Europe/Berlin',
    }),
    missedRuns: missedRuns.default('run-once').meta({
      description:
        'What becomes of runs that were missed by over a minute: the latest is made up for, or none',
    }),
  })
  .refine(body => (body.deliverAt === undefined) !== (body.cron === undefined), {
    path: ['deliverAt'],
    error: 'expected deliverAt, or cron, and not both',
  })
  .refine(body => body.timeZone === undefined || body.cron !== undefined, {
    path: ['timeZone'],
    error: 'expected beside cron',
  })
  .meta({ id: 'ScheduleRequest' });

/** When the runs of a request are. */
export const timingOf = ({ deliverAt, cron, timeZone = 'UTC' }: z.output<typeof scheduleBody>): Timing =>
  deliverAt === undefined ? { kind: 'cron', pattern: cron ?? '', timeZone } : { kind: 'once', at: deliverAt };

export const scheduleView = z
  .object({
    id: z.string().meta({ example: 'sch_01k9zq3v5e8w2' }),
    owner: userIdView,
    state: z.enum(['active', 'paused']),
    nextRunAt: timeView.optional(),
    nextRuns: z.array(timeView).optional().meta({ description: 'As many as were asked for' }),
    createdAt: timeView,
    deliverAt: timeView.optional(),
    cron: z.string().optional().meta({ example: '0 9 * * MON' }),
    timeZone: z.string().optional().meta({ example: 'Europe/Berlin' }),
    missedRuns,
    notification: notificationView.omit({ id: true }).extend({ to: z.array(channelView) }),
  })
  .meta({ id: 'Schedule' });

/** A schedule in the words of the wire. */
export const viewSchedule = (schedule: Schedule): z.output<typeof scheduleView> => {
  const { id, owner, state, missedRuns: missed, createdAt, nextRunAt, timing, request } = schedule;
  const { to, ...notification } = request;
  return {
    id,
    owner,
    state,
    ...(nextRunAt === undefined ? {} : { nextRunAt: isoOf(nextRunAt) }),
    createdAt: isoOf(createdAt),
    ...(timing.kind === 'once'
      ? { deliverAt: isoOf(timing.at) }
      : { cron: timing.pattern, timeZone: timing.timeZone }),
    missedRuns: missed,
    notification: { ...viewNotification(notification), to: [...to] },
  };
};
