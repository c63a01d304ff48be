import type { Channel } from '../../domain/channel.ts';
import type { UserId } from '../../domain/ids.ts';
import type { PresenceList, PresentUser, Stay, Telling } from '../../domain/presence.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Device, PresenceStore } from '../../ports/presence-store.ts';

/** Replaced whole by every write, so that what was found before stays as it was. */
type Users = Map<UserId, Stay>;

export class MemoryPresenceStore implements PresenceStore {
  readonly #clock: Clock;
  /** A channel is taken out with its last user. */
  readonly #channels = new Map<Channel, Users>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async enter(channel: Channel, { user, connectionId, expiresAt }: Device): Promise<'joined' | 'present'> {
    const users: Users = this.#channels.get(channel) ?? new Map();
    this.#channels.set(channel, users);
    // From now, so that no version of a stay that was forgotten comes again.
    const stay: Stay = users.get(user) ?? { devices: new Map(), version: this.#clock.now() };
    const devices = new Map(stay.devices).set(connectionId, expiresAt);
    users.set(user, { ...stay, devices, version: stay.version + 1 });
    return stay.telling?.event === 'joined' ? 'present' : 'joined';
  }

  async leave(
    channel: Channel,
    { user, connectionId }: Pick<Device, 'user' | 'connectionId'>,
  ): Promise<'last' | 'present'> {
    const stay = this.#stay(channel, user);
    if (stay === undefined) return 'present';
    const devices = new Map(stay.devices);
    if (devices.delete(connectionId))
      this.#write(channel, user, stay, { devices, leftAt: this.#clock.now() });
    return this.#alive(devices) === 0 ? 'last' : 'present';
  }

  async find(channel: Channel, user: UserId): Promise<Stay | undefined> {
    return this.#stay(channel, user);
  }

  async decide(channel: Channel, user: UserId, stay: Stay, telling: Telling): Promise<boolean> {
    if (this.#stay(channel, user)?.version !== stay.version) return false;
    this.#write(channel, user, stay, { telling: { ...telling, told: false } });
    return true;
  }

  async told(channel: Channel, user: UserId, id: Telling['id']): Promise<void> {
    const stay = this.#stay(channel, user);
    if (stay?.telling?.id !== id || stay.telling.told) return;
    this.#write(channel, user, stay, { telling: { ...stay.telling, told: true } });
  }

  async forget(channel: Channel, user: UserId, stay: Stay): Promise<boolean> {
    if (this.#stay(channel, user)?.version !== stay.version) return false;
    const users = this.#channels.get(channel);
    users?.delete(user);
    if (users?.size === 0) this.#channels.delete(channel);
    return true;
  }

  async few(channel: Channel, limit: number): Promise<readonly PresentUser[] | undefined> {
    return (await this.list(channel, limit)).users;
  }

  async list(channel: Channel, limit: number): Promise<PresenceList> {
    const users: PresentUser[] = [];
    for (const [user, { devices }] of this.#channels.get(channel) ?? []) {
      const alive = this.#alive(devices);
      if (alive > 0) users.push({ user, devices: alive });
    }
    return users.length > limit ? { count: users.length } : { count: users.length, users };
  }

  #stay(channel: Channel, user: UserId): Stay | undefined {
    return this.#channels.get(channel)?.get(user);
  }

  #write(channel: Channel, user: UserId, stay: Stay, changes: Partial<Stay>): void {
    this.#channels.get(channel)?.set(user, { ...stay, ...changes, version: stay.version + 1 });
  }

  /** How many devices are left whose time is not over. */
  #alive(devices: Stay['devices']): number {
    const now = this.#clock.now();
    return [...devices.values()].filter(expiresAt => expiresAt > now).length;
  }
}
