import type { NotificationId, UserId } from '../domain/ids.ts';
import type { TrailEntry } from '../domain/trail.ts';

/** Where the steps of a notification are told. */
export interface TrailWriter {
  /**
   * Resolves once every entry is safe. The same entry (see `entryKey`) of one notification and user is kept once, as it
   * came first; those of one user beyond `MAX_ENTRIES_OF_USER` are not kept.
   *
   * @throws FanfareError `unavailable` when they could not all be kept now; appending all again is safe
   */
  append(entries: readonly TrailEntry[]): Promise<void>;
}

export interface TrailPage {
  /** In the order of their times, those of one time in the order in which they were told. */
  readonly entries: readonly TrailEntry[];
  /** The cursor of the next page; absent when there is none. */
  readonly next?: string;
}

export interface TrailQuery {
  /** What concerns this user alone; of everybody without it, and of whole channels as well. */
  readonly user?: UserId;
  /** Where another page ended. */
  readonly cursor?: string;
  /** At the most so many; at least 1. */
  readonly limit: number;
}

/** A notification in what was told of its user. */
export interface UserNotification {
  /** That it was received for the user's own channel. */
  readonly received: TrailEntry;
  /** The newest entry about it and this user. */
  readonly last: TrailEntry;
}

export interface UserNotifications {
  /** The newest first. */
  readonly notifications: readonly UserNotification[];
  readonly next?: string;
}

/**
 * The decision trail: what was decided and done about each notification, for each user. Entries are kept for as long as is
 * configured, and are seen by every read that starts after they were appended; a platform may keep only those of the
 * newest notifications.
 *
 * Reads throw FanfareError `invalid`, naming `cursor`, for a cursor that is none of theirs.
 */
export interface DeliveryLog extends TrailWriter {
  /** What was told of one notification; nothing for one that is not known. */
  find(id: NotificationId, query: TrailQuery): Promise<TrailPage>;

  /** The notifications that were received for a user's own channel. */
  ofUser(user: UserId, query: Omit<TrailQuery, 'user'>): Promise<UserNotifications>;

  /** Everything that was told of one user, in the order of their times. */
  allOf(user: UserId, query: Omit<TrailQuery, 'user'>): Promise<TrailPage>;

  /** Forgets everything that was told of a user before. */
  erase(user: UserId): Promise<void>;
}
