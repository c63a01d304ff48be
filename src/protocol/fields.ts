import * as z from 'zod';
import type { Channel } from '../domain/channel.ts';
import { CHANNEL_EXPECTED, isChannel, isTarget } from '../domain/channel.ts';
import { isName } from '../domain/ids.ts';

/** The parts that frames and HTTP bodies share. */
export const channelField = z
  .string()
  .refine((text): text is Channel => isChannel(text), { error: CHANNEL_EXPECTED })
  .meta({ type: 'string', example: 'user:alice', description: CHANNEL_EXPECTED });

/** A channel that can be written to. */
export const targetField = z
  .string()
  .refine((text): text is Channel => isTarget(text), { error: CHANNEL_EXPECTED })
  .meta({ type: 'string', example: 'user:alice', description: CHANNEL_EXPECTED });

export const userField = z
  .string()
  .refine(isName, { error: 'expected 1 to 128 of A-Z a-z 0-9 . _ @ + = -' })
  .meta({ type: 'string', example: 'alice' });

const encoder = new TextEncoder();
const CONTROL = /\p{Cc}/u;

/** A name that people or programs give to something: no control characters, which no header and no database takes. */
export const nameField = (maxBytes: number) =>
  z.string().refine(text => text !== '' && encoder.encode(text).length <= maxBytes && !CONTROL.test(text), {
    error: `expected 1 to ${maxBytes} bytes without control characters`,
  });

export const offsetField = z.int().min(0).meta({ example: 17 });

export const priorityField = z.enum(['low', 'normal', 'high']);

/** What answers and messages say, each with an example for who reads the description. */
export const timeView = z.iso.datetime().meta({ example: '2026-11-21T18:02:11.204Z' });
export const userIdView = z.string().meta({ example: 'alice' });
export const channelView = z.string().meta({ example: 'user:alice' });
export const notificationIdView = z.string().meta({ example: 'ntf_01k9zq3v5e8w2' });
export const messageIdView = z.string().meta({ example: 'ntf_01k9zq3v5e8w2.user:alice' });
export const epochView = z.string().meta({ example: '0mwqyesbr8fcc8154' });
export const messageOffsetView = z.int().min(1).meta({ example: 17 });
export const countView = z.int().min(0).meta({ example: 3 });

const messageBase = {
  channel: channelView,
  messageId: messageIdView,
  epoch: epochView,
  offset: messageOffsetView,
  sentAt: timeView,
  from: z.string().meta({ example: 'shop' }),
};

export const notificationView = z.object({
  id: notificationIdView,
  title: z.string().meta({ example: 'Your order shipped' }),
  body: z.string().optional().meta({ example: 'It arrives on Tuesday.' }),
  data: z
    .unknown()
    .optional()
    .meta({ example: { orderId: 42 } }),
  category: z.string().optional().meta({ example: 'orders' }),
  priority: priorityField,
  collapseKey: z.string().optional(),
  expiresAt: timeView.optional(),
});

const inboxChangeView = z.object({
  as: z.enum(['read', 'unread', 'archived', 'unarchived']),
  messageIds: z.array(messageIdView).optional(),
  all: z.boolean().optional(),
  unread: countView,
});

const presenceChangeView = z.object({
  event: z.enum(['joined', 'left']),
  user: userIdView,
  count: countView,
});

/** Any JSON value, and not none. */
const anyValue = z.unknown().refine((value): boolean => value !== undefined, { error: 'expected a value' });

/** A message as clients see it: with `data`, or with what else it tells in its place. */
export const messageView = z
  .union([
    z.object({ ...messageBase, notification: notificationView }),
    z.object({ ...messageBase, inbox: inboxChangeView }),
    z.object({ ...messageBase, presence: presenceChangeView }),
    z.object({ ...messageBase, data: anyValue }),
  ])
  .meta({ id: 'Message' });

export const positionView = z.object({ epoch: epochView, offset: offsetField }).meta({ id: 'Position' });
