import { FanfareError } from '../../../domain/errors.ts';
import type { InboxStore } from '../../../ports/inbox-store.ts';
import type { PresenceQueue } from '../../../ports/presence-queue.ts';
import type { PresenceStore } from '../../../ports/presence-store.ts';

const absent = (what: string) => async (): Promise<never> => {
  throw new FanfareError('unavailable', `this deployment keeps no ${what}`);
};

/**
 * What AWS does not keep yet. Notifications pass by an inbox that is not there; whoever asks for it hears so. Presence
 * cannot be switched on: the functions' configuration refuses a rule that asks for it.
 */
export const ABSENT_INBOX: InboxStore = {
  add: async () => 'added',
  list: absent('inbox'),
  mark: absent('inbox'),
  markAllRead: absent('inbox'),
  shown: absent('inbox'),
};

export const ABSENT_PRESENCE: PresenceStore = {
  enter: absent('presence'),
  leave: absent('presence'),
  settle: absent('presence'),
  list: absent('presence'),
};

export const ABSENT_PRESENCE_QUEUE: PresenceQueue = { enqueue: absent('presence') };
