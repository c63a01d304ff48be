import type { Channel } from './channel.ts';
import type { MessageId, UserId } from './ids.ts';
import type { InboxChange } from './inbox.ts';
import type { Notification } from './notification.ts';
import type { PresenceChange } from './presence.ts';

/**
 * A place in a channel's log. Offsets count from 1 without a gap; 0 is the place before the first message. The epoch
 * changes when a log starts anew, and offsets of different epochs cannot be compared.
 */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** Any value that JSON can carry, checked for size and depth at the edge. */
export type Json = unknown;

export type Content =
  | { readonly kind: 'data'; readonly data: Json }
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'inbox'; readonly change: InboxChange }
  | { readonly kind: 'presence'; readonly change: PresenceChange };

/** A message that has no place in its channel's log yet. */
export interface MessageDraft {
  readonly id: MessageId;
  readonly channel: Channel;
  /** ms since 1970 */
  readonly sentAt: number;
  readonly from: UserId;
  readonly content: Content;
}

/** One entry of a channel's log. */
export interface Message extends MessageDraft, Position {}
