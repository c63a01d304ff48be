import type { UserId } from '../domain/ids.ts';
import type { Preferences } from '../domain/preferences.ts';

export interface StoredPreferences {
  readonly preferences: Preferences;
  /** From 1, and one more with each save. */
  readonly version: number;
}

/** How people want to be reached. Every write is seen by every read that starts after it. */
export interface PreferenceStore {
  /** @returns nothing for someone who never said */
  find(user: UserId): Promise<StoredPreferences | undefined>;

  /**
   * Replaces all that a user said before.
   *
   * @param ifVersion saves only over that version; 0 is that of someone who never said
   * @returns `changed` where it is another; then nothing was written
   */
  save(
    user: UserId,
    preferences: Preferences,
    ifVersion?: number,
  ): Promise<{ readonly version: number } | 'changed'>;

  /** Erasing what is not there does nothing. */
  erase(user: UserId): Promise<void>;
}
