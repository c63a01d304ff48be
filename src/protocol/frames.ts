import * as z from 'zod';
import { messageId } from '../domain/ids.ts';
import { channelField, offsetField, targetField } from './fields.ts';
import { jsonValue } from './json.ts';

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

const key = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'expected 1 to 64 of A-Z a-z 0-9 _ -' })
  .optional();

/** What a client may ask, by its action. Unknown members are refused, so that a misspelt one is noticed. */
export const requestFrames = {
  hello: z.strictObject({ action: z.literal('hello'), id }),
  subscribe,
  unsubscribe: z.strictObject({ action: z.literal('unsubscribe'), id, channel: channelField }),
  sendMessage: z.strictObject({
    action: z.literal('sendMessage'),
    id,
    channel: targetField,
    data: jsonValue,
    key,
  }),
  history: z.strictObject({
    action: z.literal('history'),
    id,
    channel: channelField,
    after: offsetField.optional(),
    before: offsetField.optional(),
    limit: z.int().min(1).max(300).optional(),
  }),
  presence: z.strictObject({ action: z.literal('presence'), id, channel: targetField }),
  inbox: z.strictObject({
    action: z.literal('inbox'),
    id,
    filter: z.enum(['all', 'unread', 'archived']).optional(),
    before: offsetField.optional(),
    limit: z.int().min(0).max(100).optional(),
  }),
  mark,
  ack: z.strictObject({ action: z.literal('ack'), id, messageIds }),
  ping: z.strictObject({ action: z.literal('ping'), id }),
};

/** What a client may send. */
export const clientFrame = z.discriminatedUnion('action', [
  requestFrames.hello,
  requestFrames.subscribe,
  requestFrames.unsubscribe,
  requestFrames.sendMessage,
  requestFrames.history,
  requestFrames.presence,
  requestFrames.inbox,
  requestFrames.mark,
  requestFrames.ack,
  requestFrames.ping,
]);

export type ClientFrame = z.output<typeof clientFrame>;
