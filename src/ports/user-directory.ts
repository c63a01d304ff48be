import type { UserId } from '../domain/ids.ts';
import type { Profile, User } from '../domain/user.ts';

/** Who is known, and what of them. Every write is seen by every read that starts after it. */
export interface UserDirectory {
  find(id: UserId): Promise<User | undefined>;

  /**
   * Replaces the whole profile. A user is created by the first; `createdAt` stays from then on.
   *
   * @param now ms since 1970
   */
  save(id: UserId, profile: Profile, now: number): Promise<User>;

  /**
   * In the order of ids, by code point.
   *
   * @param limit at least 1
   */
  list(page: { readonly after?: UserId; readonly limit: number }): Promise<readonly User[]>;

  /** Erasing who is not there does nothing. */
  erase(id: UserId): Promise<void>;
}
