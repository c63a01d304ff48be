import * as z from 'zod';
import type { Channel } from '../domain/channel.ts';
import { CHANNEL_EXPECTED, isChannel } from '../domain/channel.ts';

/** The parts that frames and HTTP bodies share. */
export const channelField = z
  .string()
  .refine((text): text is Channel => isChannel(text), { error: CHANNEL_EXPECTED })
  .meta({ type: 'string', example: 'user:alice', description: CHANNEL_EXPECTED });

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

const notificationView = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string().optional(),
  data: z.unknown().optional(),
  category: z.string().optional(),
  priority: priorityField,
  collapseKey: z.string().optional(),
  expiresAt: z.iso.datetime().optional(),
});

/** A message as clients see it: with `data`, or with a `notification` in its place. */
export const messageView = z
  .union([
    z.object({ ...messageBase, data: z.unknown() }),
    z.object({ ...messageBase, notification: notificationView }),
  ])
  .meta({ id: 'Message' });

export const positionView = z.object({ epoch: z.string(), offset: z.int().min(0) }).meta({ id: 'Position' });
