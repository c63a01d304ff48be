import type { ApiOptions } from './http-api.ts';
import { UserApi } from './http-api.ts';

export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

/** Times are by the user's clocks, `HH:MM`. */
export type Digest =
  | { readonly every: 'hour' }
  | { readonly every: 'day'; readonly at: string }
  | { readonly every: 'week'; readonly on: Weekday; readonly at: string };

export interface CategoryPreferences {
  readonly screen?: boolean;
  readonly push?: boolean;
  /** Null for none, where the category has one. */
  readonly digest?: Digest | null;
  /** Null for none, where the category has one. */
  readonly cap?: {
    readonly max: number;
    readonly windowSeconds: number;
    readonly over?: 'drop' | 'digest';
  } | null;
  /** ISO 8601 */
  readonly muteUntil?: string;
}

/** How a user wants to be reached. What is not said is as its category has it. */
export interface UserPreferences {
  readonly quietHours?: {
    readonly start: string;
    readonly end: string;
    /** An IANA name; the user's own by default. */
    readonly timeZone?: string;
    /** Whether high priority is pushed anyway; not, unless told. */
    readonly urgentPasses?: boolean;
  };
  /** ISO 8601 */
  readonly muteUntil?: string;
  /** By the names of categories. */
  readonly categories?: Readonly<Record<string, CategoryPreferences>>;
}

export interface VersionedPreferences {
  readonly preferences: UserPreferences;
  /** To save over, and nothing else. */
  readonly version: string;
}

/** A user's preferences, over HTTP. Everything throws FanfareError as the server has it. */
export class Preferences {
  readonly #api: UserApi;

  constructor(options: ApiOptions) {
    this.#api = new UserApi(options);
  }

  async read(signal?: AbortSignal): Promise<VersionedPreferences> {
    const { answer, etag } = await this.#api.call<UserPreferences>('/preferences', { signal });
    return { preferences: answer, version: etag };
  }

  /**
   * Replaces all that was said before.
   *
   * @param ifVersion saves only over that version
   * @throws FanfareError `conflict` when it is another since
   */
  async save(
    preferences: UserPreferences,
    { ifVersion, signal }: { readonly ifVersion?: string; readonly signal?: AbortSignal } = {},
  ): Promise<VersionedPreferences> {
    const headers: Record<string, string> = ifVersion === undefined ? {} : { 'if-match': ifVersion };
    const call = { method: 'PUT', body: preferences, headers, signal } as const;
    const { answer, etag } = await this.#api.call<UserPreferences>('/preferences', call);
    return { preferences: answer, version: etag };
  }
}
