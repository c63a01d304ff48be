import type { CategoryPreferences, Digest, UserPreferences } from '../../client/index.ts';

export type Wishes = CategoryPreferences;
export type Preferences = UserPreferences & Required<Pick<UserPreferences, 'categories'>>;

export const DIGESTS = ['as usual', 'none', 'each hour', 'each day', 'each Monday'] as const;
type DigestName = (typeof DIGESTS)[number];

export const digestName = (digest: Digest | null | undefined): DigestName => {
  if (digest === undefined) return 'as usual';
  if (digest === null) return 'none';
  return ({ hour: 'each hour', day: 'each day', week: 'each Monday' } as const)[digest.every];
};

/**
 * What a form says. What it has no fields for stays as it was before.
 *
 * @param categories those that the form has
 */
export const preferencesIn = (
  form: FormData,
  categories: readonly string[],
  before: Preferences,
): Preferences => {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  return {
    ...(form.has('quiet') ? { quietHours: quietHoursIn(form, text) } : {}),
    ...(form.has('muted') && text('muteUntil') !== ''
      ? { muteUntil: new Date(text('muteUntil')).toISOString() }
      : {}),
    categories: {
      ...before.categories,
      ...Object.fromEntries(
        categories.flatMap(name => {
          const wishes = wishesIn(name, text, before.categories[name] ?? {});
          return Object.keys(wishes).length === 0 && !(name in before.categories) ? [] : [[name, wishes]];
        }),
      ),
    },
  };
};

type Text = (name: string) => string;

const quietHoursIn = (form: FormData, text: Text): NonNullable<Preferences['quietHours']> => ({
  start: text('start'),
  end: text('end'),
  urgentPasses: form.has('urgentPasses'),
  ...(text('timeZone') === '' ? {} : { timeZone: text('timeZone') }),
});

const wishesIn = (name: string, text: Text, before: Wishes): Wishes => {
  const { screen: _screen, push: _push, digest: _digest, cap: _cap, ...others } = before;
  const choice = (field: 'screen' | 'push'): Pick<Wishes, typeof field> => {
    const value = text(`${name} ${field}`);
    return value === '' ? {} : { [field]: value === 'yes' };
  };
  return {
    ...others,
    ...choice('screen'),
    ...choice('push'),
    ...digestIn(name, text, before),
    ...capIn(name, text, before),
  };
};

const digestIn = (name: string, text: Text, before: Wishes): Pick<Wishes, 'digest'> => {
  const at = text(`${name} at`) || '09:00';
  switch (text(`${name} digest`) as DigestName) {
    case 'as usual':
      return {};
    case 'none':
      return { digest: null };
    case 'each hour':
      return { digest: { every: 'hour' } };
    case 'each day':
      return { digest: { every: 'day', at } };
    case 'each Monday': {
      const on = before.digest?.every === 'week' ? before.digest.on : 'monday';
      return { digest: { every: 'week', on, at } };
    }
  }
};

const capIn = (name: string, text: Text, before: Wishes): Pick<Wishes, 'cap'> => {
  const max = Number(text(`${name} max`));
  if (max < 1) return {};
  const windowSeconds = before.cap?.windowSeconds ?? 3_600;
  return { cap: { max, windowSeconds, over: text(`${name} over`) === 'digest' ? 'digest' : 'drop' } };
};
