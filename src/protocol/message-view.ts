import type * as z from 'zod';
import type { Message } from '../domain/message.ts';
import type { Notification } from '../domain/notification.ts';
import type { messageView } from './fields.ts';

export type MessageView = z.output<typeof messageView>;

/** A message in the words of the wire. */
export const viewMessage = (message: Message): MessageView => {
  const { channel, id, epoch, offset, sentAt, from, content } = message;
  const base = { channel, messageId: id, epoch, offset, sentAt: new Date(sentAt).toISOString(), from };
  return content.kind === 'data'
    ? { ...base, data: content.data }
    : { ...base, notification: viewNotification(content.notification) };
};

const viewNotification = ({ expiresAt, ...rest }: Notification) => ({
  ...rest,
  ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
});
