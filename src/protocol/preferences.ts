import type { Cap } from '../domain/category.ts';
import type { CategoryPreferences, Preferences } from '../domain/preferences.ts';
import { isoOf } from './iso-time.ts';

/** Preferences in the words of the wire. */
export const viewPreferences = ({ quietHours, muteUntil, categories }: Preferences) => ({
  ...(quietHours === undefined ? {} : { quietHours }),
  ...(muteUntil === undefined ? {} : { muteUntil: isoOf(muteUntil) }),
  categories: Object.fromEntries(
    Object.entries(categories).map(([name, wishes]) => [name, viewCategory(wishes)]),
  ),
});

const viewCategory = ({ cap, muteUntil, ...rest }: CategoryPreferences) => ({
  ...rest,
  ...(cap === undefined ? {} : { cap: cap && viewCap(cap) }),
  ...(muteUntil === undefined ? {} : { muteUntil: isoOf(muteUntil) }),
});

const viewCap = ({ max, windowMs, over }: Cap) => ({ max, windowSeconds: windowMs / 1_000, over });
