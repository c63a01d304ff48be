import * as z from 'zod';
import type { Device } from '../domain/device.ts';
import { PLATFORMS } from '../domain/device.ts';
import { nameField, timeView } from './fields.ts';
import { isoOf } from './iso-time.ts';

/** Longer than any that a platform gives. */
const MAX_TOKEN_CHARACTERS = 4_096;

const token = z
  .string()
  .min(1)
  .max(MAX_TOKEN_CHARACTERS)
  .meta({
    description:
      "What the platform gave the app: APNs' token in hex, FCM's registration token, a PushSubscription as JSON",
    example: '0f4e2d6b'.repeat(8),
  });

const label = nameField(128).meta({
  type: 'string',
  description: 'What its owner calls it, in up to 128 bytes',
  example: "Alice's phone",
});

export const deviceBody = z
  .strictObject({
    platform: z.enum(PLATFORMS).meta({ example: 'apns' }),
    token,
    label: label.optional(),
  })
  .meta({ id: 'DeviceRequest' });

export const deviceRefreshBody = z
  .strictObject({ token, label: label.optional() })
  .meta({ id: 'DeviceRefresh' });

/** Without the token: whoever has it can wake the device. */
export const deviceView = z
  .object({
    id: z.string().meta({ example: 'dev_01k9zq3v5e8w2' }),
    platform: z.enum(PLATFORMS),
    label: z.string().optional(),
    createdAt: timeView,
    refreshedAt: timeView.meta({ description: 'When the app last said that it has its token' }),
  })
  .meta({ id: 'Device' });

/** A device in the words of the wire. */
export const viewDevice = ({
  id,
  platform,
  label: name,
  createdAt,
  refreshedAt,
}: Device): z.output<typeof deviceView> => ({
  id,
  platform,
  ...(name === undefined ? {} : { label: name }),
  createdAt: isoOf(createdAt),
  refreshedAt: isoOf(refreshedAt),
});
