import type { Channel } from '../../domain/channel.ts';
import type { ConnectionId, UserId } from '../../domain/ids.ts';
import type { PresenceList, PresentUser } from '../../domain/presence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Device, PresenceStore } from '../../ports/presence-store.ts';

/** When each device's time is over, in ms since 1970. Without one, the user's last device has gone. */
type Devices = Map<ConnectionId, number>;

export class MemoryPresenceStore implements PresenceStore {
  readonly #clock: Clock;
  /** Neither map is ever empty for long: who is settled is taken out, and a channel with its last user. */
  readonly #channels = new Map<Channel, Map<UserId, Devices>>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async enter(channel: Channel, { user, connectionId, expiresAt }: Device): Promise<'joined' | 'present'> {
    const users = this.#channels.get(channel) ?? new Map<UserId, Devices>();
    this.#channels.set(channel, users);
    const devices = users.get(user);
    if (devices === undefined) users.set(user, new Map([[connectionId, expiresAt]]));
    else devices.set(connectionId, expiresAt);
    return devices === undefined ? 'joined' : 'present';
  }

  async leave(
    channel: Channel,
    { user, connectionId }: Pick<Device, 'user' | 'connectionId'>,
  ): Promise<'last' | 'present'> {
    const devices = this.#channels.get(channel)?.get(user);
    if (devices === undefined) return 'present';
    devices.delete(connectionId);
    return this.#alive(devices) === 0 ? 'last' : 'present';
  }

  async settle(channel: Channel, user: UserId): Promise<'left' | 'present'> {
    const users = this.#channels.get(channel);
    const devices = users?.get(user);
    if (users === undefined || devices === undefined || this.#alive(devices) > 0) return 'present';
    users.delete(user);
    if (users.size === 0) this.#channels.delete(channel);
    return 'left';
  }

  async list(channel: Channel, limit: number): Promise<PresenceList> {
    const users: PresentUser[] = [];
    for (const [user, devices] of this.#channels.get(channel) ?? []) {
      const alive = this.#alive(devices);
      if (alive > 0) users.push({ user, devices: alive });
    }
    return users.length > limit ? { count: users.length } : { count: users.length, users };
  }

  /** How many devices are left, now that those whose time is over are taken out. */
  #alive(devices: Devices): number {
    const now = this.#clock.now();
    for (const [id, expiresAt] of devices) if (expiresAt <= now) devices.delete(id);
    return devices.size;
  }
}
