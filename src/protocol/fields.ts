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

const messageBase = {
  channel: z.string(),
  messageId: z.string(),
  epoch: z.string(),
  offset: z.int().min(1),
  sentAt: z.iso.datetime(),
  from: z.string(),
};

export const notificationView = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string().optional(),
  data: z.unknown().optional(),
  category: z.string().optional(),
  priority: priorityField,
  collapseKey: z.string().optional(),
  expiresAt: z.iso.datetime().optional(),
});

const inboxChangeView = z.object({
  as: z.enum(['read', 'unread', 'archived', 'unarchived']),
  messageIds: z.array(z.string()).optional(),
  all: z.boolean().optional(),
  unread: z.int().min(0),
});

const presenceChangeView = z.object({
  event: z.enum(['joined', 'left']),
  user: z.string(),
  count: z.int().min(0),
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

export const positionView = z.object({ epoch: z.string(), offset: z.int().min(0) }).meta({ id: 'Position' });
