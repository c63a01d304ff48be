import * as z from 'zod';
import type { Position } from '../domain/message.ts';
import type { ErrorView } from './error-view.ts';
import { channelField, offsetField } from './fields.ts';
import type { HistoryView } from './history-view.ts';
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

/** What a client may send. Unknown members are refused, so that a misspelt one is noticed. */
export const clientFrame = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('hello'), id }),
  subscribe,
  z.strictObject({ action: z.literal('unsubscribe'), id, channel: channelField }),
  z.strictObject({ action: z.literal('sendMessage'), id, channel: channelField, data: jsonValue }),
  z.strictObject({
    action: z.literal('history'),
    id,
    channel: channelField,
    after: offsetField.optional(),
    before: offsetField.optional(),
    limit: z.int().min(1).max(300).optional(),
  }),
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
  | { readonly type: 'pong' }
  | ({ readonly type: 'error' } & ErrorView)
);
