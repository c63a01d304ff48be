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
/** How much more there may be before some are forgotten. */
const SLACK = 0.1;

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

/** What was told of one notification. */
interface Trail {
  /** By whose they are, and their key. */
  readonly kept: Map<string, Kept>;
  /** Whom they concern. */
  readonly users: UserId[];
}

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
    if (this.#exceeds(SLACK)) this.#forgetFirst();
  }

  async find(id: NotificationId, { user, cursor, limit }: TrailQuery): Promise<TrailPage> {
    const trail = this.#trails.get(id);
    return this.#page(trail === undefined ? [] : keptOf(trail, user), cursor, limit);
  }

  async ofUser(user: UserId, { cursor, limit }: Omit<TrailQuery, 'user'>): Promise<UserNotifications> {
    const before = parseCursor(cursor);
    const found: (UserNotification & TrailPlace)[] = [];
    for (const trail of this.#trailsOf(user)) {
      const kept = this.#young(keptOf(trail, user));
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
    const kept = this.#trailsOf(user).flatMap(trail => keptOf(trail, user));
    return this.#page(kept, cursor, limit);
  }

  async erase(user: UserId): Promise<void> {
    for (const [id, { kept, users }] of this.#trails) {
      if (!users.includes(user)) continue;
      for (const [key, { entry }] of kept) if (entry.user === user && kept.delete(key)) this.#entries--;
      users.splice(users.indexOf(user), 1);
      if (kept.size === 0) this.#trails.delete(id);
    }
  }

  #keep(entry: TrailEntry): void {
    const { notificationId: id, user, at } = entry;
    let trail = this.#trails.get(id);
    if (trail === undefined) {
      trail = { kept: new Map(), users: [] };
      this.#trails.set(id, trail);
    }
    const key = `${user ?? ''} ${entryKey(entry)}`;
    if (trail.kept.has(key) || isFull(trail, user)) return;
    trail.kept.set(key, { at, position: ++this.#position, entry });
    this.#entries++;
    if (user !== undefined && !trail.users.includes(user)) trail.users.push(user);
  }

  /** Some at once: a map whose first is taken again and again takes longer each time to find it. */
  #forgetFirst(): void {
    for (const [id, { kept }] of this.#trails) {
      if (!this.#exceeds(0)) break;
      this.#entries -= kept.size;
      this.#trails.delete(id);
    }
  }

  #exceeds(slack: number): boolean {
    return (
      this.#trails.size > this.#maxNotifications + Math.floor(this.#maxNotifications * slack) ||
      this.#entries > this.#maxEntries + Math.floor(this.#maxEntries * slack)
    );
  }

  #trailsOf(user: UserId): readonly Trail[] {
    return [...this.#trails.values()].filter(({ users }) => users.includes(user));
  }

  #page(kept: readonly Kept[], cursor: string | undefined, limit: number): TrailPage {
    const after = parseCursor(cursor);
    const wanted = this.#young(kept).filter(place => after === undefined || compare(place, after) > 0);
    const { items, next } = pageOf(wanted, limit);
    return { entries: items.map(({ entry }) => entry), ...(next === undefined ? {} : { next }) };
  }

  #young(kept: readonly Kept[]): Kept[] {
    const agedUntil = this.#clock.now() - this.#keptMs;
    return kept.filter(({ at }) => at > agedUntil).sort(compare);
  }
}

const keptOf = ({ kept }: Trail, user: UserId | undefined): readonly Kept[] =>
  [...kept.values()].filter(({ entry }) => user === undefined || entry.user === user);

/** Of a few entries nothing has to be counted. */
const isFull = (trail: Trail, user: UserId | undefined): boolean =>
  user !== undefined &&
  trail.kept.size >= MAX_ENTRIES_OF_USER &&
  keptOf(trail, user).length >= MAX_ENTRIES_OF_USER;

const compare = (one: TrailPlace, other: TrailPlace): number =>
  one.at - other.at || one.position - other.position;
