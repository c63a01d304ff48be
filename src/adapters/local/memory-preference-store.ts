import type { UserId } from '../../domain/ids.ts';
import type { Preferences } from '../../domain/preferences.ts';
import type { PreferenceStore, StoredPreferences } from '../../ports/preference-store.ts';

export class MemoryPreferenceStore implements PreferenceStore {
  readonly #stored = new Map<UserId, StoredPreferences>();

  async find(user: UserId): Promise<StoredPreferences | undefined> {
    return this.#stored.get(user);
  }

  async save(
    user: UserId,
    preferences: Preferences,
    ifVersion?: number,
  ): Promise<{ readonly version: number } | 'changed'> {
    const before = this.#stored.get(user)?.version ?? 0;
    if ((ifVersion ?? before) !== before) return 'changed';
    const version = before + 1;
    this.#stored.set(user, { preferences, version });
    return { version };
  }

  async erase(user: UserId): Promise<void> {
    this.#stored.delete(user);
  }
}
