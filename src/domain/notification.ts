import type { Channel } from './channel.ts';
import type { MessageId, NotificationId } from './ids.ts';
import { messageId, notificationId } from './ids.ts';
import type { Json, Position } from './message.ts';

export type Priority = 'low' | 'normal' | 'high';

/** A message for people. */
export interface Notification {
  readonly id: NotificationId;
  readonly title: string;
  readonly body?: string;
  readonly data?: Json;
  readonly category?: string;
  readonly priority: Priority;
  /** Notifications of one key replace each other on a phone's lock screen. */
  readonly collapseKey?: string;
  /** ms since 1970, after which nobody need be told. */
  readonly expiresAt?: number;
}

/** What a producer asks for. */
export interface NotificationRequest extends Omit<Notification, 'id'> {
  readonly to: readonly Channel[];
}

/** The answer to a producer: the id, and where the notification stands in each channel; not in those of users who want none on screens. */
export interface NotificationReceipt {
  readonly id: NotificationId;
  readonly channels: readonly ({ readonly channel: Channel; readonly messageId: MessageId } & Position)[];
}

/** A retry of the same notification makes the same message, so that a log's append can recognise it. */
export const messageIdFor = (id: NotificationId, channel: Channel): MessageId =>
  messageId(`${id}.${channel}`);

/** Which notification became the message of that id in the channel. */
export const notificationIdOf = (id: MessageId, channel: Channel): NotificationId =>
  notificationId(id.slice(0, -(channel.length + 1)));
