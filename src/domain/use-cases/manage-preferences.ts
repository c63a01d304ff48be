import type { PreferenceStore, StoredPreferences } from '../../ports/preference-store.ts';
import type { Identity } from '../identity.ts';
import { requireUser } from '../identity.ts';
import type { UserId } from '../ids.ts';
import type { Preferences } from '../preferences.ts';
import { NO_PREFERENCES } from '../preferences.ts';

/** Everyone says how they want to be reached, an admin how anyone does. */
export class ManagePreferences {
  readonly #preferences: PreferenceStore;

  constructor({ preferences }: { readonly preferences: PreferenceStore }) {
    this.#preferences = preferences;
  }

  /** Those of someone who said nothing are of version 0. @throws FanfareError `forbidden` for another's */
  async find(identity: Identity, user: UserId): Promise<StoredPreferences> {
    requireUser(identity, user);
    return (await this.#preferences.find(user)) ?? { preferences: NO_PREFERENCES, version: 0 };
  }

  /**
   * Replaces them all.
   *
   * @param ifVersions one of which they must be of; any will do without
   * @returns the version that they are of since, or `changed`: they are of none of those
   * @throws FanfareError `forbidden` for another's
   */
  async save(
    identity: Identity,
    user: UserId,
    preferences: Preferences,
    ifVersions: readonly number[] | undefined,
  ): Promise<{ readonly version: number } | 'changed'> {
    requireUser(identity, user);
    if (ifVersions === undefined) return this.#preferences.save(user, preferences);
    for (const version of ifVersions) {
      const saved = await this.#preferences.save(user, preferences, version);
      if (saved !== 'changed') return saved;
    }
    return 'changed';
  }
}
