import * as z from 'zod';
import {
  channelView,
  epochView,
  messageIdView,
  messageOffsetView,
  nameField,
  notificationIdView,
  priorityField,
  targetField,
} from './fields.ts';
import { jsonValue } from './json.ts';

/** Channels that one notification may go to. */
export const MAX_TARGETS = 100;

const text = (min: number, max: number) =>
  z
    .string()
    .min(min, { error: `expected ${min} to ${max} characters` })
    .max(max, { error: `expected ${min} to ${max} characters` });

export const notificationBody = z
  .strictObject({
    to: z
      .array(targetField)
      .min(1)
      .max(MAX_TARGETS)
      .meta({ example: ['user:alice'] }),
    title: text(1, 256).meta({ example: 'Your order shipped' }),
    body: text(0, 4_096).optional().meta({ example: 'It arrives on Tuesday.' }),
    data: jsonValue.optional(),
    category: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: 'expected 1 to 64 of A-Z a-z 0-9 . _ -' })
      .optional()
      .meta({ example: 'orders' }),
    priority: priorityField.default('normal'),
    // APNs: apns-collapse-id has 64 bytes.
    collapseKey: nameField(64).optional().meta({
      type: 'string',
      description: 'Notifications of one key replace each other on a phone; up to 64 bytes',
      example: 'order-42',
    }),
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform(text => Date.parse(text))
      .optional()
      .meta({ type: 'string', format: 'date-time', description: 'After this, nobody need be told' }),
  })
  .meta({ id: 'NotificationRequest' });

export const notificationReceipt = z
  .object({
    id: notificationIdView,
    channels: z.array(
      z.object({
        channel: channelView,
        messageId: messageIdView,
        epoch: epochView,
        offset: messageOffsetView,
      }),
    ),
  })
  .meta({ id: 'NotificationReceipt' });
