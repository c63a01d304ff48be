import type { DeviceId } from './device.ts';
import type { MessageId, UserId } from './ids.ts';
import type { Notification } from './notification.ts';
import type { Push } from './push.ts';

/** A piece of work for the phones of one user. What follows from it is another task. */
export type PushTask = DecideTask | DigestTask | SendTask | WithdrawTask;

interface Task {
  /** The same for the same work, so that it is taken on once. */
  readonly id: string;
  readonly user: UserId;
  /** ms since 1970; not to be begun before. */
  readonly dueAt: number;
  /** How often it was tried; 0 at first. */
  readonly attempt: number;
}

/** Nobody may have looked: decide whether phones are to be told. */
export interface DecideTask extends Task {
  readonly kind: 'decide';
  readonly messageId: MessageId;
  readonly notification: Notification;
  /** ms since 1970 */
  readonly sentAt: number;
  /** Whether it is in the user's inbox, where it can be seen and read. */
  readonly listed: boolean;
  /** What is in no inbox has waited as long as a digest of it would have. */
  readonly hasWaited?: boolean;
}

/** Tell of all that a category collected since, in one push. */
export interface DigestTask extends Task {
  readonly kind: 'digest';
  readonly category: string;
  /** ms since 1970 */
  readonly since: number;
}

/** Tell one device. */
export interface SendTask extends Task {
  readonly kind: 'send';
  readonly deviceId: DeviceId;
  readonly push: Push;
  /** What the push tells of: one, or all that a digest has. */
  readonly messages: readonly PushedMessage[];
  /** When the newest of them was sent, in ms since 1970. */
  readonly sentAt: number;
  /** ms since 1970; from then on it is given up. */
  readonly expiresAt: number;
}

/** A message that a push tells of. */
export interface PushedMessage {
  readonly id: MessageId;
  readonly notificationId: Notification['id'];
}

/** Take back what has been read. */
export interface WithdrawTask extends Task {
  readonly kind: 'withdraw';
  /** All of the user's, when absent. */
  readonly messageIds?: readonly MessageId[];
}

/** What became of a task: what follows, and whether somebody has to look into it. */
export interface Settled {
  readonly next: readonly PushTask[];
  /** Why it was given up. */
  readonly deadLetter?: string;
}

/** A task that was given up. */
export interface DeadPushTask {
  readonly task: PushTask;
  readonly cause: string;
  /** ms since 1970 */
  readonly failedAt: number;
}

/** What needs no expiry of its own need not be told of after so long: a day. */
export const PUSH_LIFE_MS = 86_400_000;

/** A notification's own expiry, or a day from when it was sent. */
export const pushExpiry = ({ expiresAt }: Notification, sentAt: number): number =>
  expiresAt ?? sentAt + PUSH_LIFE_MS;
