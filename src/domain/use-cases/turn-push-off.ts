import type { PreferenceStore } from '../../ports/preference-store.ts';
import { FanfareError } from '../errors.ts';
import type { UserId } from '../ids.ts';
import { NO_PREFERENCES } from '../preferences.ts';

/** How often it is tried while others change the same preferences. */
const TRIES = 5;

/** Has a user get no more pushes of a category, whatever else they prefer. Who asks must have shown that they may. */
export class TurnPushOff {
  readonly #preferences: PreferenceStore;

  constructor({ preferences }: { readonly preferences: PreferenceStore }) {
    this.#preferences = preferences;
  }

  /** Turning off what is off writes nothing. @throws FanfareError `conflict` when others kept changing them */
  async execute(user: UserId, category: string): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { preferences, version } = (await this.#preferences.find(user)) ?? {
        preferences: NO_PREFERENCES,
        version: 0,
      };
      const { categories } = preferences;
      const own = Object.hasOwn(categories, category) ? categories[category] : undefined;
      if (own?.push === false) return;
      const since = { ...preferences, categories: { ...categories, [category]: { ...own, push: false } } };
      if ((await this.#preferences.save(user, since, version)) !== 'changed') return;
    }
    throw new FanfareError('conflict', 'the preferences are being changed', { retryAfterMs: 1_000 });
  }
}
