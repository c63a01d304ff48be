import type { Cap, Category } from './category.ts';
import type { Digest } from './digest.ts';
import type { QuietHours } from './quiet-hours.ts';

/** How a person wants to be reached. What they do not say is as their categories have it. */
export interface Preferences {
  readonly quietHours?: QuietHours;
  /** ms since 1970; until then nothing is pushed, however urgent. */
  readonly muteUntil?: number;
  /** By the names of categories; at most 100. */
  readonly categories: Readonly<Record<string, CategoryPreferences>>;
}

export interface CategoryPreferences {
  readonly screen?: boolean;
  readonly push?: boolean;
  /** Null for none, where the category has one. */
  readonly digest?: Digest | null;
  /** Null for none, where the category has one. */
  readonly cap?: Cap | null;
  /** ms since 1970 */
  readonly muteUntil?: number;
}

/** Of someone who has said nothing. */
export const NO_PREFERENCES: Preferences = { categories: {} };

/** A category as one person wants it. */
export const preferred = (category: Category, { categories }: Preferences): Category => {
  const own = Object.hasOwn(categories, category.name) ? categories[category.name] : undefined;
  if (own === undefined) return category;
  const { digest, cap, ...rest } = category;
  return {
    ...rest,
    screen: own.screen ?? category.screen,
    push: own.push ?? category.push,
    ...given('digest', own.digest === undefined ? digest : own.digest),
    ...given('cap', own.cap === undefined ? cap : own.cap),
  };
};

/** Whether nothing is to be pushed now. */
export const isMuted = ({ muteUntil, categories }: Preferences, category: string, now: number): boolean => {
  const own = Object.hasOwn(categories, category) ? categories[category]?.muteUntil : undefined;
  return now < Math.max(muteUntil ?? 0, own ?? 0);
};

const given = <Name extends string, Value>(
  name: Name,
  value: Value | null | undefined,
): { [Key in Name]?: Value } =>
  value === null || value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value });
