import type { MessageId, UserId } from '../domain/ids.ts';
import type { InboxEntry, InboxItem, Mark } from '../domain/inbox.ts';

export type InboxFilter = 'all' | 'unread' | 'archived';

export interface InboxQuery {
  /** `all` is everything but the archived. */
  readonly filter: InboxFilter;
  /** Entries whose offset is below this one; the newest of all without it. */
  readonly before?: number;
  /** At the most so many; 0 asks for the count alone. */
  readonly limit: number;
}

export interface InboxPage {
  /** The newest first. */
  readonly items: readonly InboxItem[];
  /** What is neither read nor archived, in the whole inbox. */
  readonly unread: number;
  /** There are none below the last of these. */
  readonly complete: boolean;
}

/**
 * An inbox per user. Every write is idempotent and is seen by every read that starts after it. Entries are kept for 90
 * days from `sentAt`; a platform may keep only the newest of them, at least 1,000.
 */
export interface InboxStore {
  /** Adds an unread entry. @returns `known` when one of its message id was there, which stays as it is */
  add(user: UserId, entry: InboxEntry): Promise<'added' | 'known'>;

  /** Those of a user's entries that are there, in any order. @param ids at most 100 */
  find(user: UserId, ids: readonly MessageId[]): Promise<readonly InboxItem[]>;

  list(user: UserId, query: InboxQuery): Promise<InboxPage>;

  /**
   * Marks entries, all or none. Archiving an entry reads it, and marking it unread brings it back from the archive: so
   * what is unread is never archived.
   *
   * @param ids at most 100
   * @returns how many are unread since, or `unknown`: those that are not in this user's inbox
   */
  mark(
    user: UserId,
    ids: readonly MessageId[],
    as: Mark,
  ): Promise<{ readonly unread: number } | { readonly unknown: readonly MessageId[] }>;

  /** Reads every entry that was added before. @returns how many are unread since, and those that this read */
  markAllRead(user: UserId): Promise<{ readonly unread: number; readonly read: readonly MessageId[] }>;

  /**
   * Notes when entries were first shown, all or none.
   *
   * @param ids at most 100
   * @param at ms since 1970
   * @returns those that are not in this user's inbox; none when it was noted
   */
  shown(user: UserId, ids: readonly MessageId[], at: number): Promise<readonly MessageId[]>;

  /** Empties the whole inbox of what was added before. */
  erase(user: UserId): Promise<void>;
}
