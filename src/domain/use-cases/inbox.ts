import type { InboxFilter, InboxPage, InboxStore } from '../../ports/inbox-store.ts';
import type { UserId } from '../ids.ts';

/** Entries in one answer. */
export const INBOX_LIMIT = { default: 20, max: 100 } as const;

export interface InboxRequest {
  readonly filter?: InboxFilter;
  readonly before?: number;
  readonly limit?: number;
}

/** Reads a user's inbox. */
export class Inbox {
  readonly #inbox: InboxStore;

  constructor(ports: { inbox: InboxStore }) {
    this.#inbox = ports.inbox;
  }

  /** @param user whose it is: the caller has made sure that they may */
  execute(user: UserId, { filter = 'all', before, limit }: InboxRequest): Promise<InboxPage> {
    const most = Math.min(limit ?? INBOX_LIMIT.default, INBOX_LIMIT.max);
    return this.#inbox.list(user, { filter, limit: most, ...(before === undefined ? {} : { before }) });
  }
}
