import type { MessageId } from './ids.ts';
import type { Notification } from './notification.ts';

/** What a device is told. */
export type Push = AlertPush | WithdrawPush;

/** Shows something, in the place of what it showed under the same collapse id. */
export interface AlertPush {
  readonly kind: 'alert';
  /** What opening it opens. */
  readonly messageId: MessageId;
  readonly notification: Notification;
  /** At most 64 bytes (APNs: apns-collapse-id). */
  readonly collapseId: string;
  /** What is unread, for the app's icon. */
  readonly badge: number;
  /** ms since 1970; afterwards nobody need be told. */
  readonly expiresAt: number;
  /** Where its category can be turned off with one click. */
  readonly unsubscribeUrl?: string;
}

/** Takes back, without a sound, what was read elsewhere. */
export interface WithdrawPush {
  readonly kind: 'withdraw';
  readonly collapseIds: readonly string[];
  readonly badge: number;
}

export type PushOutcome =
  | { readonly status: 'delivered'; readonly providerId?: string }
  /** The token never works again. */
  | { readonly status: 'dead'; readonly reason: string }
  /** The same may pass later, but not before `retryAfterMs`. */
  | { readonly status: 'failed'; readonly cause: string; readonly retryAfterMs?: number }
  /** This push never passes, though others may: it is too large, or the service's credentials are not accepted. */
  | { readonly status: 'refused'; readonly cause: string };

/** The push of one notification, under its collapse key or its own id. The badge is filled in when it is sent. */
export const alertFor = (notification: Notification, messageId: MessageId, expiresAt: number): AlertPush => ({
  kind: 'alert',
  messageId,
  notification,
  collapseId: notification.collapseKey ?? notification.id,
  badge: 0,
  expiresAt,
});
