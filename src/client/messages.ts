/** A place in a channel's log. Offsets count from 1 without a gap; those of different epochs cannot be compared. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

export interface Notification {
  readonly id: string;
  readonly title: string;
  readonly body?: string;
  readonly data?: unknown;
  readonly category?: string;
  readonly priority: 'low' | 'normal' | 'high';
  readonly collapseKey?: string;
  /** ISO 8601 */
  readonly expiresAt?: string;
}

export type MarkAs = 'read' | 'unread' | 'archived' | 'unarchived';

/** What was marked, on whichever of the user's screens. */
export interface InboxChange {
  readonly as: MarkAs;
  readonly messageIds?: readonly string[];
  /** In place of `messageIds`: everything up to then. */
  readonly all?: boolean;
  readonly unread: number;
}

export interface PresenceChange {
  readonly event: 'joined' | 'left';
  readonly user: string;
  /** Users who are here since. */
  readonly count: number;
}

/** One entry of a channel's log; which of the last four it has tells what it is. */
export interface Message extends Position {
  readonly channel: string;
  readonly messageId: string;
  /** ISO 8601 */
  readonly sentAt: string;
  readonly from: string;
  readonly data?: unknown;
  readonly notification?: Notification;
  readonly inbox?: InboxChange;
  readonly presence?: PresenceChange;
}

/** Where a sent message stands. */
export interface Receipt extends Position {
  readonly channel: string;
  readonly messageId: string;
}

export interface HistoryQuery {
  /** An offset: the messages above it, the oldest first. */
  readonly after?: number;
  /** An offset: the newest of those below it. */
  readonly before?: number;
  /** 50 unless told; at most 300. */
  readonly limit?: number;
}

export interface History {
  /** In ascending order. */
  readonly messages: readonly Message[];
  readonly position: Position;
  /** Whether nothing further is kept in the direction asked for. */
  readonly complete: boolean;
  /** Whether some of what was asked for is no longer kept. */
  readonly trimmed: boolean;
}

export interface Presence {
  readonly channel: string;
  readonly count: number;
  /** Absent beyond 100. */
  readonly users?: readonly { readonly user: string; readonly devices: number }[];
  /** The newest place of `presence:<channel>` when the list was read. */
  readonly position: Position;
}

export interface InboxQuery {
  /** An offset of the user's channel. */
  readonly before?: number;
  /** 20 unless told; at most 100. 0 asks for the count alone. */
  readonly limit?: number;
  readonly filter?: 'all' | 'unread' | 'archived';
}

export interface InboxEntry {
  readonly messageId: string;
  readonly offset: number;
  readonly sentAt: string;
  readonly notification: Notification;
  readonly read: boolean;
  readonly archived: boolean;
  readonly shownAt?: string;
}

export interface Inbox {
  /** The newest first. */
  readonly entries: readonly InboxEntry[];
  readonly unread: number;
  readonly complete: boolean;
}

/** What of a log cannot be had any more. The next message handed on follows `to`. */
export interface Unrecoverable {
  readonly channel: string;
  /** The last place that was handed on. */
  readonly from: Position;
  readonly to: Position;
  /**
   * `trimmed`: no longer kept. `epoch`: the log began anew, and is handed on from its start. `forbidden`: kept, but this
   * token may not read history.
   */
  readonly reason: 'trimmed' | 'epoch' | 'forbidden';
}
