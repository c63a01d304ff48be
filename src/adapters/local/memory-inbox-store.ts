import type { MessageId, UserId } from '../../domain/ids.ts';
import type { InboxEntry, InboxItem, Mark } from '../../domain/inbox.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InboxFilter, InboxPage, InboxQuery, InboxStore } from '../../ports/inbox-store.ts';

export const INBOX_KEPT_MS = 90 * 86_400_000;
export const INBOX_KEPT_ENTRIES = 1_000;
export const INBOX_KEPT_USERS = 100_000;

export interface MemoryInboxStoreOptions {
  readonly clock: Clock;
  /** Of one user; beyond so many, the oldest is forgotten. */
  readonly maxEntries?: number;
  /** Beyond so many, the inbox written to longest ago is forgotten. */
  readonly maxUsers?: number;
}

interface Kept extends InboxEntry {
  read: boolean;
  archived: boolean;
  shownAt?: number;
}

/** One user's entries by id, in the order in which they came. */
type Inbox = Map<MessageId, Kept>;

export class MemoryInboxStore implements InboxStore {
  readonly #clock: Clock;
  readonly #maxEntries: number;
  readonly #maxUsers: number;
  /** The one written to longest ago first. */
  readonly #inboxes = new Map<UserId, Inbox>();

  constructor(options: MemoryInboxStoreOptions) {
    this.#clock = options.clock;
    this.#maxEntries = options.maxEntries ?? INBOX_KEPT_ENTRIES;
    this.#maxUsers = options.maxUsers ?? INBOX_KEPT_USERS;
  }

  async add(user: UserId, entry: InboxEntry): Promise<'added' | 'known'> {
    const inbox = this.#inboxes.get(user) ?? new Map<MessageId, Kept>();
    this.#inboxes.delete(user);
    this.#inboxes.set(user, inbox);
    forgetFirst(this.#inboxes, this.#maxUsers);
    if (inbox.has(entry.messageId)) return 'known';
    inbox.set(entry.messageId, { ...entry, read: false, archived: false });
    forgetFirst(inbox, this.#maxEntries);
    return 'added';
  }

  async find(user: UserId, ids: readonly MessageId[]): Promise<readonly InboxItem[]> {
    return pick(this.#kept(user), ids).found.map((item): InboxItem => ({ ...item }));
  }

  async list(user: UserId, { filter, before, limit }: InboxQuery): Promise<InboxPage> {
    const kept = this.#kept(user);
    const wanted = kept
      .filter(item => IS[filter](item) && item.offset < (before ?? Number.POSITIVE_INFINITY))
      .sort((one, other) => other.offset - one.offset);
    const items = wanted.slice(0, limit).map((item): InboxItem => ({ ...item }));
    return { items, unread: unreadOf(kept), complete: wanted.length <= limit };
  }

  async mark(
    user: UserId,
    ids: readonly MessageId[],
    as: Mark,
  ): Promise<{ readonly unread: number } | { readonly unknown: readonly MessageId[] }> {
    const kept = this.#kept(user);
    const { found, unknown } = pick(kept, ids);
    if (unknown.length > 0) return { unknown };
    for (const item of found) Object.assign(item, MARKED[as]);
    return { unread: unreadOf(kept) };
  }

  async markAllRead(user: UserId) {
    const unread = this.#kept(user).filter(({ read }) => !read);
    for (const item of unread) item.read = true;
    return { unread: 0, read: unread.map(({ messageId }) => messageId) };
  }

  async shown(user: UserId, ids: readonly MessageId[], at: number): Promise<readonly MessageId[]> {
    const { found, unknown } = pick(this.#kept(user), ids);
    if (unknown.length === 0) for (const item of found) item.shownAt ??= at;
    return unknown;
  }

  async erase(user: UserId): Promise<void> {
    this.#inboxes.delete(user);
  }

  /** Now that what is too old has been taken out. */
  #kept(user: UserId): readonly Kept[] {
    const inbox = this.#inboxes.get(user);
    if (inbox === undefined) return [];
    const agedUntil = this.#clock.now() - INBOX_KEPT_MS;
    for (const { messageId, sentAt } of inbox.values()) if (sentAt <= agedUntil) inbox.delete(messageId);
    if (inbox.size === 0) this.#inboxes.delete(user);
    return [...inbox.values()];
  }
}

const IS: Readonly<Record<InboxFilter, (item: Kept) => boolean>> = {
  all: ({ archived }) => !archived,
  unread: ({ read }) => !read,
  archived: ({ archived }) => archived,
};

const MARKED: Readonly<Record<Mark, Partial<Kept>>> = {
  read: { read: true },
  unread: { read: false, archived: false },
  archived: { read: true, archived: true },
  unarchived: { archived: false },
};

const unreadOf = (kept: readonly Kept[]): number => kept.filter(({ read }) => !read).length;

const pick = (kept: readonly Kept[], ids: readonly MessageId[]) => {
  const found = kept.filter(({ messageId }) => ids.includes(messageId));
  const unknown = ids.filter(id => !found.some(({ messageId }) => messageId === id));
  return { found, unknown };
};

const forgetFirst = <Key>(map: Map<Key, unknown>, max: number): void => {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
};
