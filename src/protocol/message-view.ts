import type * as z from 'zod';
import type { Message } from '../domain/message.ts';
import type { Notification } from '../domain/notification.ts';
import type { messageView } from './fields.ts';
import { isoOf } from './iso-time.ts';

export type MessageView = z.output<typeof messageView>;

/** A message in the words of the wire. */
export const viewMessage = (message: Message): MessageView => {
  const { channel, id, epoch, offset, sentAt, from, content } = message;
  const base = { channel, messageId: id, epoch, offset, sentAt: isoOf(sentAt), from };
  switch (content.kind) {
    case 'data':
      return { ...base, data: content.data };
    case 'notification':
      return { ...base, notification: viewNotification(content.notification) };
    case 'inbox': {
      const { as, messageIds, unread } = content.change;
      return {
        ...base,
        inbox: { as, ...(messageIds ? { messageIds: [...messageIds] } : { all: true }), unread },
      };
    }
    case 'presence':
      return { ...base, presence: content.change };
  }
};

export const viewNotification = <Given extends Omit<Notification, 'id'>>({ expiresAt, ...rest }: Given) => ({
  ...rest,
  ...(expiresAt === undefined ? {} : { expiresAt: isoOf(expiresAt) }),
});
