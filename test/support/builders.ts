import { MANUAL_CLOCK_START_MS } from '../../src/adapters/local/manual-clock.ts';
import type { Channel } from '../../src/domain/channel.ts';
import { parseChannel } from '../../src/domain/channel.ts';
import type { Connection } from '../../src/domain/connection.ts';
import type { DeliveryJob } from '../../src/domain/delivery.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { connectionId, messageId, notificationId, userId } from '../../src/domain/ids.ts';
import type { Message, MessageDraft } from '../../src/domain/message.ts';
import type { Notification } from '../../src/domain/notification.ts';

/** API Gateway's longest life of a WebSocket connection. */
const TWO_HOURS_MS = 7_200_000;

/** Ids that nobody cares about differ from each other. */
let built = 0;
const unique = (kind: string): string => `${kind}-${++built}`;

export const aChannel = (text = 'room:lobby'): Channel => parseChannel(text);

export const anIdentity = (set: Partial<Identity> = {}): Identity => ({
  user: userId('alice'),
  capabilities: [],
  admin: false,
  expiresAt: MANUAL_CLOCK_START_MS + TWO_HOURS_MS,
  ...set,
});

export const aConnection = (set: Partial<Connection> = {}): Connection => ({
  id: connectionId(unique('connection')),
  identity: anIdentity(),
  connectedAt: MANUAL_CLOCK_START_MS,
  expiresAt: MANUAL_CLOCK_START_MS + TWO_HOURS_MS,
  ...set,
});

export const aDraft = (set: Partial<MessageDraft> = {}): MessageDraft => ({
  id: messageId(unique('message')),
  channel: aChannel(),
  sentAt: MANUAL_CLOCK_START_MS,
  from: userId('bob'),
  content: { kind: 'data', data: { text: 'hello' } },
  ...set,
});

export const aMessage = (set: Partial<Message> = {}): Message => ({
  ...aDraft(),
  epoch: 'epoch-1',
  offset: 1,
  ...set,
});

export const aNotification = (set: Partial<Notification> = {}): Notification => ({
  id: notificationId(unique('notification')),
  title: 'Your order has shipped',
  priority: 'normal',
  ...set,
});

export const aJob = (set: Partial<DeliveryJob> = {}): DeliveryJob => ({
  id: unique('job'),
  message: aMessage(),
  connectionIds: [connectionId('connection-1')],
  attempt: 0,
  ...set,
});
