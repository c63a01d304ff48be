import * as z from 'zod';
import {
  channelView,
  countView,
  messageIdView,
  messageOffsetView,
  messageView,
  notificationView,
  positionView,
  timeView,
  userIdView,
} from './fields.ts';

/** Why a request on a socket was not carried out. */
export const errorView = z.object({
  code: z.enum([
    'unauthenticated',
    'forbidden',
    'invalid',
    'not-found',
    'conflict',
    'too-large',
    'limit-exceeded',
    'rate-limited',
    'unavailable',
    'internal',
  ]),
  message: z.string(),
  retryable: z.boolean().meta({ description: 'Whether the same request may succeed later' }),
  field: z.string().optional().meta({ description: 'The part of the request at fault' }),
  retryAfter: z.number().optional().meta({ description: 'How long to wait before trying again, in seconds' }),
});

const subscribedView = z.object({
  channel: channelView,
  position: positionView,
  recovered: z.boolean(),
  messages: z.array(messageView).readonly(),
  complete: z.boolean().meta({
    description: 'Whether `messages` reach up to `position`; if not, subscribe again from the last of them',
  }),
});

/** One channel of many that could not be followed. */
const refusedView = z.object({ channel: channelView, error: errorView });

const historyView = z.object({
  messages: z.array(messageView),
  position: positionView,
  complete: z.boolean(),
  trimmed: z.boolean(),
});

const inboxEntryView = z.object({
  messageId: messageIdView,
  offset: messageOffsetView,
  sentAt: timeView,
  notification: notificationView,
  read: z.boolean(),
  archived: z.boolean(),
  shownAt: timeView.optional(),
});

export const inboxView = z.object({
  entries: z.array(inboxEntryView).readonly(),
  unread: countView,
  complete: z.boolean(),
});

export const presenceView = z.object({
  count: countView,
  users: z
    .array(z.object({ user: userIdView, devices: z.int().min(1).meta({ example: 2 }) }))
    .readonly()
    .optional(),
  position: positionView,
});

export type ErrorView = Readonly<z.input<typeof errorView>>;
export type SubscribedView = Readonly<z.input<typeof subscribedView>>;
export type RefusedView = Readonly<z.input<typeof refusedView>>;
export type HistoryView = Readonly<z.input<typeof historyView>>;
export type InboxEntryView = Readonly<z.input<typeof inboxEntryView>>;
export type InboxView = Readonly<z.input<typeof inboxView>>;

/** The request's, where it had one. */
const id = z.string().optional();

/** What answers each request: the one frame, or `error`. */
export const answerFrames = {
  welcome: z.object({
    type: z.literal('welcome'),
    id,
    connectionId: z.string(),
    user: userIdView,
    expiresAt: timeView,
    channels: z.array(z.string()).readonly(),
  }),
  subscribed: z.union([
    z.object({
      type: z.literal('subscribed'),
      id,
      channels: z.array(z.union([subscribedView, refusedView])).readonly(),
    }),
    z.object({ type: z.literal('subscribed'), id, ...subscribedView.shape }),
  ]),
  unsubscribed: z.object({ type: z.literal('unsubscribed'), id, channel: channelView }),
  accepted: z.object({
    type: z.literal('accepted'),
    id,
    messageId: messageIdView,
    channel: channelView,
    ...positionView.shape,
  }),
  history: z.object({ type: z.literal('history'), id, channel: channelView, ...historyView.shape }),
  presence: z.object({ type: z.literal('presence'), id, channel: channelView, ...presenceView.shape }),
  inbox: z.object({ type: z.literal('inbox'), id, ...inboxView.shape }),
  marked: z.object({ type: z.literal('marked'), id, unread: countView }),
  acked: z.object({ type: z.literal('acked'), id }),
  pong: z.object({ type: z.literal('pong'), id }),
  error: z.object({ type: z.literal('error'), id, ...errorView.shape }),
};

/** A message on its way to a channel's subscribers. */
export const pushFrame = z.intersection(z.object({ type: z.literal('message') }), messageView);

/** What the server answers. */
export type ServerFrame = Readonly<z.input<(typeof answerFrames)[keyof typeof answerFrames]>>;
