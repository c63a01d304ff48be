import type { NotificationId, UserId } from '../../domain/ids.ts';
import type { TrailEntry } from '../../domain/trail.ts';
import { DEFAULT_TRAIL_KEPT_MS, entryKey, MAX_ENTRIES_OF_USER } from '../../domain/trail.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  DeliveryLog,
  TrailPage,
  TrailQuery,
  UserNotification,
  UserNotifications,
} from '../../ports/delivery-log.ts';
import type { TrailPlace } from '../storage/trail-cursor.ts';
import { pageOf, parseCursor } from '../storage/trail-cursor.ts';

export const TRAIL_KEPT_NOTIFICATIONS = 10_000;
export const TRAIL_KEPT_ENTRIES = 200_000;

export interface MemoryDeliveryLogOptions {
  readonly clock: Clock;
  /** ms */
  readonly keptMs?: number;
  /** Beyond so many, the notification that was first told of is forgotten. */
  readonly maxNotifications?: number;
  /** Of all notifications together; beyond so many, likewise. */
  readonly maxEntries?: number;
}

interface Kept extends TrailPlace {
  readonly entry: TrailEntry;
}

/** What was told of one user, by key; under '' what was told of whole channels. */
type Trail = Map<UserId | '', Map<string, Kept>>;

/** The trail of the newest notifications. */
export class MemoryDeliveryLog implements DeliveryLog {
  readonly #clock: Clock;
  readonly #keptMs: number;
  readonly #maxNotifications: number;
  readonly #maxEntries: number;
  /** The one that was first told of longest ago first. */
  readonly #trails = new Map<NotificationId, Trail>();
  #entries = 0;
  #position = 0;

  constructor(options: MemoryDeliveryLogOptions) {
    this.#clock = options.clock;
    this.#keptMs = options.keptMs ?? DEFAULT_TRAIL_KEPT_MS;
    this.#maxNotifications = options.maxNotifications ?? TRAIL_KEPT_NOTIFICATIONS;
    this.#maxEntries = options.maxEntries ?? TRAIL_KEPT_ENTRIES;
  }

  async append(entries: readonly TrailEntry[]): Promise<void> {
    for (const entry of entries) this.#keep(entry);
    for (const id of this.#trails.keys()) {
      if (this.#trails.size <= this.#maxNotifications && this.#entries <= this.#maxEntries) break;
      this.#forget(id);
    }
  }

  async find(id: NotificationId, { user, cursor, limit }: TrailQuery): Promise<TrailPage> {
    const trail = this.#trails.get(id);
    const kept = user === undefined ? [...(trail?.values() ?? [])] : [trail?.get(user) ?? new Map()];
    return this.#page(kept, cursor, limit);
  }

  async ofUser(user: UserId, { cursor, limit }: Omit<TrailQuery, 'user'>): Promise<UserNotifications> {
    const before = parseCursor(cursor);
    const found: (UserNotification & TrailPlace)[] = [];
    for (const trail of this.#trails.values()) {
      const kept = this.#young([trail.get(user) ?? new Map()]);
      const received = kept.find(({ entry }) => entry.event.kind === 'received');
      const last = kept.at(-1);
      if (received === undefined || last === undefined) continue;
      const { at, position } = received;
      if (before === undefined || compare(received, before) < 0)
        found.push({ at, position, received: received.entry, last: last.entry });
    }
    const { items, next } = pageOf(found.sort(compare).reverse(), limit);
    const notifications = items.map(({ received, last }) => ({ received, last }));
    return { notifications, ...(next === undefined ? {} : { next }) };
  }

  async allOf(user: UserId, { cursor, limit }: Omit<TrailQuery, 'user'>): Promise<TrailPage> {
    const trails = [...this.#trails.values()];
    return this.#page(
      trails.map(trail => trail.get(user) ?? new Map()),
      cursor,
      limit,
    );
  }

  async erase(user: UserId): Promise<void> {
    for (const [id, trail] of this.#trails) {
      this.#entries -= trail.get(user)?.size ?? 0;
      trail.delete(user);
      if (trail.size === 0) this.#trails.delete(id);
    }
  }

  #keep(entry: TrailEntry): void {
    const trail = this.#trails.get(entry.notificationId) ?? new Map();
    this.#trails.set(entry.notificationId, trail);
    const whose = entry.user ?? '';
    const kept = trail.get(whose) ?? new Map<string, Kept>();
    trail.set(whose, kept);
    const key = entryKey(entry);
    if (kept.has(key) || (whose !== '' && kept.size >= MAX_ENTRIES_OF_USER)) return;
    kept.set(key, { at: entry.at, position: ++this.#position, entry });
    this.#entries++;
  }

  #forget(id: NotificationId): void {
    for (const kept of this.#trails.get(id)?.values() ?? []) this.#entries -= kept.size;
    this.#trails.delete(id);
  }

  #page(trails: readonly Map<string, Kept>[], cursor: string | undefined, limit: number): TrailPage {
    const after = parseCursor(cursor);
    const kept = this.#young(trails).filter(place => after === undefined || compare(place, after) > 0);
    const { items, next } = pageOf(kept, limit);
    return { entries: items.map(({ entry }) => entry), ...(next === undefined ? {} : { next }) };
  }

  #young(trails: readonly Map<string, Kept>[]): Kept[] {
    const agedUntil = this.#clock.now() - this.#keptMs;
    return trails
      .flatMap(kept => [...kept.values()])
      .filter(({ at }) => at > agedUntil)
      .sort(compare);
  }
}

const compare = (one: TrailPlace, other: TrailPlace): number =>
  one.at - other.at || one.position - other.position;
