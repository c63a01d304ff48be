import * as z from 'zod';
import { messageId } from '../domain/ids.ts';
import type { Position } from '../domain/message.ts';
import type { PresenceList } from '../domain/presence.ts';
import type { ErrorView } from './error-view.ts';
import { channelField, offsetField, targetField } from './fields.ts';
import type { HistoryView } from './history-view.ts';
import type { InboxView } from './inbox-view.ts';
import { jsonValue } from './json.ts';
import type { RefusedView, SubscribedView } from './subscribed-view.ts';

/** The most that the server sends in one frame: API Gateway's quota for a message, in bytes. */
export const MAX_FRAME_BYTES = 128 * 1_024;

/** Chosen by the client and echoed in the reply. */
const id = z.string().max(128).optional();

/** The last place in a channel's log that the client has. */
const since = z.strictObject({ epoch: z.string().min(1).max(128), offset: offsetField }).optional();

/** As many as one connection may follow. */
const MAX_CHANNELS_AT_ONCE = 100;

const subscribe = z
  .strictObject({
    action: z.literal('subscribe'),
    id,
    channel: channelField.optional(),
    since,
    channels: z
      .array(z.strictObject({ channel: channelField, since }))
      .min(1)
      .max(MAX_CHANNELS_AT_ONCE)
      .optional(),
  })
  .refine(frame => (frame.channel === undefined) !== (frame.channels === undefined), {
    path: ['channel'],
    error: 'expected channel, or channels, and not both',
  })
  .refine(frame => frame.channels === undefined || frame.since === undefined, {
    path: ['since'],
    error: 'expected beside channel; each of channels has its own',
  })
  .transform(({ channel, since, channels, ...rest }) => ({
    ...rest,
    many: channels !== undefined,
    channels: channels ?? (channel === undefined ? [] : [{ channel, since }]),
  }));

const messageIds = z.array(z.string().min(1).max(512).transform(messageId)).min(1).max(100);

const mark = z
  .strictObject({
    action: z.literal('mark'),
    id,
    as: z.enum(['read', 'unread', 'archived', 'unarchived']),
    messageIds: messageIds.optional(),
    all: z.literal(true).optional(),
  })
  .refine(frame => (frame.messageIds === undefined) !== (frame.all === undefined), {
    path: ['messageIds'],
    error: 'expected messageIds, or all, and not both',
  })
  .refine(frame => frame.all === undefined || frame.as === 'read', {
    path: ['as'],
    error: 'expected read beside all',
  });

/** What a client may send. Unknown members are refused, so that a misspelt one is noticed. */
export const clientFrame = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('hello'), id }),
  subscribe,
  z.strictObject({ action: z.literal('unsubscribe'), id, channel: channelField }),
  z.strictObject({
    action: z.literal('sendMessage'),
    id,
    channel: targetField,
    data: jsonValue,
    key: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'expected 1 to 64 of A-Z a-z 0-9 _ -' })
      .optional(),
  }),
  z.strictObject({
    action: z.literal('history'),
    id,
    channel: channelField,
    after: offsetField.optional(),
    before: offsetField.optional(),
    limit: z.int().min(1).max(300).optional(),
  }),
  z.strictObject({ action: z.literal('presence'), id, channel: targetField }),
  z.strictObject({
    action: z.literal('inbox'),
    id,
    filter: z.enum(['all', 'unread', 'archived']).optional(),
    before: offsetField.optional(),
    limit: z.int().min(0).max(100).optional(),
  }),
  mark,
  z.strictObject({ action: z.literal('ack'), id, messageIds }),
  z.strictObject({ action: z.literal('ping'), id }),
]);

export type ClientFrame = z.output<typeof clientFrame>;

/** What the server answers. `id` is the request's, where it had one. */
export type ServerFrame = { readonly id?: string } & (
  | {
      readonly type: 'welcome';
      readonly connectionId: string;
      readonly user: string;
      readonly expiresAt: string;
      readonly channels: readonly string[];
    }
  | ({ readonly type: 'subscribed' } & SubscribedView)
  | { readonly type: 'subscribed'; readonly channels: readonly (SubscribedView | RefusedView)[] }
  | { readonly type: 'unsubscribed'; readonly channel: string }
  | ({ readonly type: 'accepted'; readonly messageId: string; readonly channel: string } & Position)
  | ({ readonly type: 'history'; readonly channel: string } & HistoryView)
  | ({ readonly type: 'presence'; readonly channel: string; readonly position: Position } & PresenceList)
  | ({ readonly type: 'inbox' } & InboxView)
  | { readonly type: 'marked'; readonly unread: number }
  | { readonly type: 'acked' }
  | { readonly type: 'pong' }
  | ({ readonly type: 'error' } & ErrorView)
);
