/** A string that only the constructor of its kind may make, so that a user id is never passed for a channel. */
export type Branded<Kind extends string> = string & { readonly __kind: Kind };

/** The subject of a token: 1 to 128 characters of `A-Z a-z 0-9 . _ @ + = -`. */
export type UserId = Branded<'UserId'>;
/** One open socket. The gateway chooses it; Fanfare only compares it. */
export type ConnectionId = Branded<'ConnectionId'>;
export type NotificationId = Branded<'NotificationId'>;
/** Unique within its channel; appending the same one twice is one message. */
export type MessageId = Branded<'MessageId'>;

const NAME = /^[A-Za-z0-9._@+=-]{1,128}$/;

export const isName = (text: string): boolean => NAME.test(text);

export const userId = (text: string): UserId => text as UserId;
export const connectionId = (text: string): ConnectionId => text as ConnectionId;
export const notificationId = (text: string): NotificationId => text as NotificationId;
export const messageId = (text: string): MessageId => text as MessageId;
