import type { Category } from './category.ts';
import type { Channel } from './channel.ts';
import { userChannel, userOf } from './channel.ts';
import type { Platform } from './device.ts';
import type { ConnectionId, MessageId, NotificationId, UserId } from './ids.ts';
import type { MessageDraft } from './message.ts';
import type { Notification, Priority } from './notification.ts';
import { notificationIdOf } from './notification.ts';

/** One step of a notification: what was decided or done, and when. */
export interface TrailEntry {
  readonly notificationId: NotificationId;
  /** Whose it is; absent for what was done for a whole channel, such as a room. */
  readonly user?: UserId;
  /** ms since 1970 */
  readonly at: number;
  readonly event: TrailEvent;
}

export type TrailEvent = TrailEventIn<number>;

/** @typeParam Time ms since 1970, or as the wire writes it, ISO 8601 */
export type TrailEventIn<Time> =
  | {
      readonly kind: 'received';
      readonly from: UserId;
      readonly channel: Channel;
      readonly priority: Priority;
      readonly category?: string;
      /** Absent where the category is private. */
      readonly title?: string;
    }
  /** The user wishes nothing of this category on screens, nor in the inbox. */
  | { readonly kind: 'kept-from-screens'; readonly rule: 'screen-off' }
  /** One run of a delivery job: how many connections have it since, and why the others do not. */
  | {
      readonly kind: 'posted';
      readonly job: string;
      readonly attempt: number;
      readonly delivered: number;
      readonly gone: number;
      readonly throttled: number;
      readonly failed: number;
      /** Of a user's own channel: those that were reached, at the most {@link MAX_NAMED_CONNECTIONS}. */
      readonly connectionIds?: readonly ConnectionId[];
    }
  | {
      readonly kind: 'posting-gave-up';
      readonly job: string;
      readonly connections: number;
      readonly cause: string;
    }
  | { readonly kind: TrailMark }
  | { readonly kind: 'push-planned'; readonly dueAt: Time }
  | {
      readonly kind: 'push-decided';
      readonly decision: 'push' | 'hold' | 'digest' | 'drop';
      readonly rule: string;
      readonly until?: Time;
      readonly devices?: number;
    }
  | {
      readonly kind: 'device';
      readonly deviceId: string;
      readonly platform: Platform;
      readonly outcome: DeviceOutcome;
      readonly cause?: string;
      readonly attempt: number;
    }
  /** Nobody need be told any more. */
  | { readonly kind: 'expired' };

/** What a person did, or a screen of theirs. */
export type TrailMark = 'shown' | 'read' | 'unread' | 'archived' | 'unarchived';

export type DeviceOutcome = 'delivered' | 'retried' | 'dead' | 'refused' | 'gave-up' | 'withdrawn';

export const MAX_NAMED_CONNECTIONS = 20;

/** Entries of one user about one notification; of what a person marks back and forth, there is an end. */
export const MAX_ENTRIES_OF_USER = 200;

/** Characters of a cause, which others have worded. */
const MAX_CAUSE = 300;

/** As much of a cause as an entry has room for. */
export const brief = (cause: string): string =>
  cause.length > MAX_CAUSE ? `${cause.slice(0, MAX_CAUSE - 1)}…` : cause;

export const DEFAULT_TRAIL_KEPT_MS = 30 * 86_400_000;

/**
 * Names an entry among those of its notification and user, the same way every time: so a step that is repeated, since
 * nobody knew whether it was done, is told once, unless it turned out otherwise.
 */
export const entryKey = ({ at, event }: TrailEntry): string => {
  switch (event.kind) {
    case 'received':
      return `received/${event.channel}`;
    case 'posted': {
      const { job, attempt, delivered, gone, throttled, failed } = event;
      return `posted/${job}/${attempt}/${delivered}-${gone}-${throttled}-${failed}`;
    }
    case 'posting-gave-up':
      return `posting-gave-up/${event.job}`;
    case 'push-planned':
      return `push-planned/${event.dueAt}`;
    case 'push-decided':
      return `push-decided/${event.decision}/${event.rule}/${event.until ?? ''}`;
    case 'device':
      return `device/${event.deviceId}/${event.outcome}/${event.attempt}`;
    case 'read':
    case 'unread':
    case 'archived':
    case 'unarchived':
      return `${event.kind}/${at}`;
    case 'kept-from-screens':
    case 'shown':
    case 'expired':
      return event.kind;
  }
};

/** That a notification was received for a channel, and for whom. */
export const receivedEntry = (
  { channel, from, sentAt }: MessageDraft,
  { id, priority, category, title }: Notification,
  { private: isPrivate }: Category,
): TrailEntry => {
  const user = userOf(channel);
  return {
    notificationId: id,
    ...(user === undefined ? {} : { user }),
    at: sentAt,
    event: {
      kind: 'received',
      from,
      channel,
      priority,
      ...(category === undefined ? {} : { category }),
      ...(isPrivate ? {} : { title }),
    },
  };
};

/** What a user, or a screen of theirs, did about notifications to their own channel. */
export const entriesAbout = (
  user: UserId,
  ids: readonly MessageId[],
  at: number,
  event: { readonly kind: TrailMark },
): readonly TrailEntry[] =>
  ids.map(id => ({ notificationId: notificationIdOf(id, userChannel(user)), user, at, event }));
