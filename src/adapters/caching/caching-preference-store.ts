import * as z from 'zod';
import type { UserId } from '../../domain/ids.ts';
import type { Preferences } from '../../domain/preferences.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { PreferenceStore, StoredPreferences } from '../../ports/preference-store.ts';
import type { OutageLogPorts } from '../system/outage-log.ts';
import { CachedLookup } from './cached-lookup.ts';
import type { Caches } from './caches.ts';

export interface CachingPorts<Inner> extends OutageLogPorts {
  readonly inner: Inner;
  readonly caches: Caches;
  readonly ids: IdGenerator;
}

/** As this class has kept it, or another version of it. */
const keptPreferences = z.object({
  value: z
    .object({ version: z.number(), preferences: z.looseObject({ categories: z.looseObject({}) }) })
    .optional(),
});

/** Spares the database what every notification asks. How fresh it is: `CachedLookup`. */
export class CachingPreferenceStore implements PreferenceStore {
  readonly #inner: PreferenceStore;
  readonly #lookup: CachedLookup<StoredPreferences | undefined>;

  constructor({ inner, caches, ...ports }: CachingPorts<PreferenceStore>) {
    const parse = (kept: unknown) => keptPreferences.parse(kept) as { value?: StoredPreferences };
    this.#inner = inner;
    this.#lookup = new CachedLookup({
      ...ports,
      name: 'preferences',
      cache: caches.open('preferences', parse),
    });
  }

  find(user: UserId): Promise<StoredPreferences | undefined> {
    return this.#lookup.get(user, () => this.#inner.find(user));
  }

  /** Also one that comes too late forgets: what it was made of was not what is stored. */
  save(
    user: UserId,
    preferences: Preferences,
    ifVersion?: number,
  ): Promise<{ readonly version: number } | 'changed'> {
    return this.#lookup.changing(user, () => this.#inner.save(user, preferences, ifVersion));
  }

  erase(user: UserId): Promise<void> {
    return this.#lookup.changing(user, () => this.#inner.erase(user));
  }
}
