import * as z from 'zod';
import { PLATFORMS } from '../domain/device.ts';
import type { NotificationId } from '../domain/ids.ts';
import type { TrailEntry, TrailEvent } from '../domain/trail.ts';
import { channelView, countView, priorityField, timeView } from './fields.ts';
import { isoOf } from './iso-time.ts';

const base = {
  at: timeView,
  user: z
    .string()
    .optional()
    .meta({ description: 'Whom it concerns; absent for a whole channel, such as a room', example: 'alice' }),
};

const told = <const Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.object({ ...base, kind: z.literal(kind), ...shape });

/** One step of a notification as clients see it. */
export const trailEntryView = z
  .discriminatedUnion('kind', [
    told('received', {
      from: z.string().meta({ example: 'shop' }),
      channel: channelView,
      priority: priorityField,
      category: z.string().optional(),
      title: z.string().optional().meta({ description: 'Absent where the category is private' }),
    }),
    told('kept-from-screens', { rule: z.literal('screen-off') }),
    told('posted', {
      job: z.string(),
      attempt: countView,
      delivered: countView,
      gone: countView,
      throttled: countView,
      failed: countView,
      connectionIds: z.array(z.string()).optional(),
    }),
    told('posting-gave-up', { job: z.string(), connections: countView, cause: z.string() }),
    told('shown', {}),
    told('read', {}),
    told('unread', {}),
    told('archived', {}),
    told('unarchived', {}),
    told('push-planned', { dueAt: timeView }),
    told('push-decided', {
      decision: z.enum(['push', 'hold', 'digest', 'drop']),
      rule: z.string(),
      until: timeView.optional(),
      devices: countView.optional(),
    }),
    told('device', {
      deviceId: z.string(),
      platform: z.enum(PLATFORMS),
      outcome: z.enum(['delivered', 'retried', 'dead', 'refused', 'gave-up', 'withdrawn']),
      cause: z.string().optional(),
      attempt: countView,
    }),
    told('expired', {}),
  ])
  .meta({ id: 'TrailEntry' });

export type TrailEntryView = z.output<typeof trailEntryView>;

/** An entry in the words of the wire; without its notification, which is named around it. */
export const viewTrailEntry = ({ at, user, event }: TrailEntry): TrailEntryView => ({
  at: isoOf(at),
  ...(user === undefined ? {} : { user }),
  ...viewEvent(event),
});

const viewEvent = (event: TrailEvent) => {
  switch (event.kind) {
    case 'push-planned':
      return { ...event, dueAt: isoOf(event.dueAt) };
    case 'push-decided': {
      const { until, ...rest } = event;
      return { ...rest, ...(until === undefined ? {} : { until: isoOf(until) }) };
    }
    case 'posted': {
      const { connectionIds, ...rest } = event;
      return { ...rest, ...(connectionIds === undefined ? {} : { connectionIds: [...connectionIds] }) };
    }
    default:
      return event;
  }
};

const next = z
  .string()
  .optional()
  .meta({ description: 'The `cursor` of the next page, where there is one', example: '1795284131204-42' });

export const trailView = z
  .object({ id: z.string().meta({ example: 'ntf_01k9zq3v5e8w2' }), entries: z.array(trailEntryView), next })
  .meta({ id: 'Trail' });

export const viewTrail = (id: NotificationId, page: TrailPage): z.output<typeof trailView> => ({
  id,
  entries: page.entries.map(viewTrailEntry),
  ...nextOf(page),
});

export const userNotificationsView = z
  .object({
    notifications: z.array(
      z.object({
        id: z.string().meta({ example: 'ntf_01k9zq3v5e8w2' }),
        at: base.at,
        title: z.string().optional().meta({ description: 'Absent where the category is private' }),
        category: z.string().optional(),
        last: trailEntryView.meta({ description: 'The newest entry of its trail' }),
      }),
    ),
    next,
  })
  .meta({ id: 'UserNotifications' });

interface TrailPage {
  readonly entries: readonly TrailEntry[];
  readonly next?: string;
}

interface UserNotifications {
  readonly notifications: readonly { readonly received: TrailEntry; readonly last: TrailEntry }[];
  readonly next?: string;
}

export const viewUserNotifications = (page: UserNotifications): z.output<typeof userNotificationsView> => ({
  notifications: page.notifications.map(({ received: { notificationId, at, event }, last }) => ({
    id: notificationId,
    at: isoOf(at),
    ...(event.kind === 'received' ? { title: event.title, category: event.category } : {}),
    last: viewTrailEntry(last),
  })),
  ...nextOf(page),
});

const nextOf = ({ next: cursor }: { readonly next?: string }) =>
  cursor === undefined ? {} : { next: cursor };
