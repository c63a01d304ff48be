import * as z from 'zod';
import type { User } from '../domain/user.ts';
import { nameField, timeView } from './fields.ts';
import { isoOf } from './iso-time.ts';
import { timeZoneField } from './time-zone.ts';

export const profileBody = z
  .strictObject({
    timeZone: timeZoneField.optional().meta({ description: 'By whose clocks quiet hours and digests are' }),
    locale: z
      .string()
      .max(64)
      .refine(isLocale, { error: 'expected a language tag such as de-AT' })
      .optional()
      .meta({ type: 'string', example: 'de-AT' }),
    name: nameField(256).optional().meta({ type: 'string', example: 'Alice' }),
  })
  .meta({ id: 'ProfileRequest' });

export const userView = z
  .object({
    id: z.string().meta({ example: 'alice' }),
    timeZone: z.string().optional().meta({ example: 'Europe/Berlin' }),
    locale: z.string().optional().meta({ example: 'de-AT' }),
    name: z.string().optional().meta({ example: 'Alice' }),
    createdAt: timeView,
    updatedAt: timeView,
  })
  .meta({ id: 'User' });

/** A user in the words of the wire. */
export const viewUser = ({ createdAt, updatedAt, ...user }: User): z.output<typeof userView> => ({
  ...user,
  createdAt: isoOf(createdAt),
  updatedAt: isoOf(updatedAt),
});

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
