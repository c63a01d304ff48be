import type { MessageId } from './ids.ts';
import type { Notification } from './notification.ts';

/** What a person can say of a notification. Archiving it is having read it. */
export type Mark = 'read' | 'unread' | 'archived' | 'unarchived';

/** A notification in its user's inbox. */
export interface InboxEntry {
  readonly messageId: MessageId;
  /** Its place in the user's channel. */
  readonly offset: number;
  /** ms since 1970 */
  readonly sentAt: number;
  readonly notification: Notification;
}

export interface InboxItem extends InboxEntry {
  readonly read: boolean;
  readonly archived: boolean;
  /** When a screen first said that it showed it, in ms since 1970. */
  readonly shownAt?: number;
}

/** What was marked, as a user's other screens hear it. */
export interface InboxChange {
  readonly as: Mark;
  /** Absent when everything was. */
  readonly messageIds?: readonly MessageId[];
  /** What is neither read nor archived since. */
  readonly unread: number;
}
