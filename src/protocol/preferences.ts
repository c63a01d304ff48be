import * as z from 'zod';
import type { CategoryPreferences, Preferences } from '../domain/preferences.ts';
import { timeView } from './fields.ts';
import { isoOf } from './iso-time.ts';
import { timeZoneField } from './time-zone.ts';
import { cap, capOf, categoryName, digest, localTime, viewCap } from './wishes.ts';

/** Categories that one user can have wishes about. */
const MAX_CATEGORIES = 100;
const CATEGORIES_EXAMPLE = { orders: { push: true, digest: { every: 'day', at: '09:00' } } };

const muteUntil = z.iso
  .datetime({ offset: true })
  .transform(text => Date.parse(text))
  .optional()
  .meta({ type: 'string', format: 'date-time', description: 'Until then nothing is pushed' });

const quietHours = z
  .strictObject({
    start: localTime.meta({ example: '22:00' }),
    end: localTime.meta({ example: '07:00', description: 'On the next day, where it is before the start' }),
    timeZone: timeZoneField.optional().meta({ description: "The user's own by default, or else UTC" }),
    urgentPasses: z.boolean().default(false).meta({ description: 'Whether high priority is pushed anyway' }),
  })
  .refine(({ start, end }) => start !== end, { path: ['end'], error: 'expected another time than start' })
  .meta({ id: 'QuietHours' });

const wishes = z.strictObject({
  screen: z.boolean().optional(),
  push: z.boolean().optional(),
  digest: digest.nullable().optional().meta({ description: 'Null for none, where the category has one' }),
  cap: cap.nullable().optional().meta({ description: 'Null for none, where the category has one' }),
  muteUntil,
});

export const preferencesBody = z
  .strictObject({
    quietHours: quietHours.optional(),
    muteUntil,
    categories: z
      .record(categoryName, wishes)
      .refine(categories => Object.keys(categories).length <= MAX_CATEGORIES, {
        error: `expected at most ${MAX_CATEGORIES} categories`,
      })
      .default({})
      .meta({ example: CATEGORIES_EXAMPLE }),
  })
  .meta({ id: 'PreferencesRequest' });

/** What a request wishes, in the domain's words. */
export const preferencesOf = ({ categories, ...rest }: z.output<typeof preferencesBody>): Preferences => ({
  ...rest,
  categories: Object.fromEntries(
    Object.entries(categories).map(([name, { cap: capped, ...others }]) => [
      name,
      capped ? { ...others, cap: capOf(capped) } : { ...others, ...(capped === null ? { cap: null } : {}) },
    ]),
  ),
});

const muteUntilView = timeView.optional();

export const preferencesView = z
  .object({
    quietHours: quietHours.optional(),
    muteUntil: muteUntilView,
    categories: z
      .record(z.string(), wishes.extend({ muteUntil: muteUntilView }))
      .meta({ example: CATEGORIES_EXAMPLE }),
  })
  .meta({ id: 'Preferences' });

/** Preferences in the words of the wire. */
export const viewPreferences = ({
  quietHours: quiet,
  muteUntil: muted,
  categories,
}: Preferences): z.output<typeof preferencesView> => ({
  ...(quiet === undefined ? {} : { quietHours: quiet }),
  ...(muted === undefined ? {} : { muteUntil: isoOf(muted) }),
  categories: Object.fromEntries(Object.entries(categories).map(([name, own]) => [name, viewWishes(own)])),
});

const viewWishes = ({ cap: capped, muteUntil: muted, ...rest }: CategoryPreferences) => ({
  ...rest,
  ...(capped === undefined ? {} : { cap: capped && viewCap(capped) }),
  ...(muted === undefined ? {} : { muteUntil: isoOf(muted) }),
});
