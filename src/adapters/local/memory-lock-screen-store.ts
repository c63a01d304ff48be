import type { DeviceId } from '../../domain/device.ts';
import type { MessageId, UserId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LockScreenStore, ShownPush, StandingPush } from '../../ports/lock-screen-store.ts';

interface Shown {
  readonly push: ShownPush;
  readonly unread: Set<MessageId>;
}

const KEPT_MS = 30 * 86_400_000;
/** Of one user; beyond so many, what was shown first is forgotten. */
const MAX_SHOWN = 500;

export class MemoryLockScreenStore implements LockScreenStore {
  readonly #clock: Clock;
  /** By user, then by place; what was shown first is first. */
  readonly #shown = new Map<UserId, Map<string, Shown>>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async show(push: ShownPush): Promise<boolean> {
    const places = this.#kept(push.user);
    const place = placeOf(push.deviceId, push.collapseId);
    if ((places.get(place)?.push.sentAt ?? 0) > push.sentAt) return false;
    places.delete(place);
    places.set(place, { push, unread: new Set(push.messages.map(({ id }) => id)) });
    const [first] = places.keys();
    if (places.size > MAX_SHOWN && first !== undefined) places.delete(first);
    this.#shown.set(push.user, places);
    return true;
  }

  async read(user: UserId, messageIds?: readonly MessageId[]): Promise<void> {
    for (const { unread } of this.#kept(user).values()) {
      if (messageIds === undefined) unread.clear();
      for (const id of messageIds ?? []) unread.delete(id);
    }
  }

  async list(user: UserId): Promise<readonly StandingPush[]> {
    return [...this.#kept(user).values()]
      .map(({ push: { user: _, ...push }, unread }) => ({ ...push, read: unread.size === 0 }))
      .sort((one, other) => one.sentAt - other.sentAt);
  }

  async withdrawn(user: UserId, deviceId: DeviceId, collapseIds: readonly string[]): Promise<void> {
    const places = this.#kept(user);
    for (const place of collapseIds.map(id => placeOf(deviceId, id)))
      if (places.get(place)?.unread.size === 0) places.delete(place);
    if (places.size === 0) this.#shown.delete(user);
  }

  async erase(user: UserId): Promise<void> {
    this.#shown.delete(user);
  }

  #kept(user: UserId): Map<string, Shown> {
    const places = this.#shown.get(user) ?? new Map<string, Shown>();
    const agedUntil = this.#clock.now() - KEPT_MS;
    for (const [place, { push }] of places) if (push.sentAt <= agedUntil) places.delete(place);
    return places;
  }
}

const placeOf = (deviceId: DeviceId, collapseId: string): string => `${deviceId} ${collapseId}`;
