import * as z from 'zod';
import type { Device, DeviceId } from '../../domain/device.ts';
import { PLATFORMS } from '../../domain/device.ts';
import type { UserId } from '../../domain/ids.ts';
import type { DeviceStore, Refreshed, Registered, Renewal } from '../../ports/device-store.ts';
import { CachedLookup } from './cached-lookup.ts';
import type { CachingPorts } from './caching-preference-store.ts';

/** As this class has kept it, or another version of it. */
const keptDevices = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      user: z.string(),
      platform: z.enum(PLATFORMS),
      token: z.string(),
      label: z.string().optional(),
      createdAt: z.number(),
      refreshedAt: z.number(),
    }),
  ),
});

/** Spares the database the lists that every push asks for. How fresh they are: `CachedLookup`. */
export class CachingDeviceStore implements DeviceStore {
  readonly #inner: DeviceStore;
  readonly #lookup: CachedLookup<readonly Device[]>;

  constructor({ inner, caches, ...ports }: CachingPorts<DeviceStore>) {
    const parse = (kept: unknown) => keptDevices.parse(kept) as unknown as { value: readonly Device[] };
    this.#inner = inner;
    this.#lookup = new CachedLookup({ ...ports, name: 'devices', cache: caches.open('devices', parse) });
  }

  list(user: UserId): Promise<readonly Device[]> {
    return this.#lookup.get(user, () => this.#inner.list(user));
  }

  find(user: UserId, id: DeviceId): Promise<Device | undefined> {
    return this.#inner.find(user, id);
  }

  /** Of a registration that fails after it was done, nobody hears whose it was before: their list is old for a minute. */
  async register(device: Device, max: number): Promise<Registered> {
    const registered = await this.#changing(device.user, () => this.#inner.register(device, max));
    if (registered.status === 'moved') await this.#lookup.forget(registered.from);
    return registered;
  }

  async refresh(user: UserId, id: DeviceId, to: Renewal): Promise<Refreshed | undefined> {
    const refreshed = await this.#changing(user, () => this.#inner.refresh(user, id, to));
    if (refreshed?.from !== undefined) await this.#lookup.forget(refreshed.from);
    return refreshed;
  }

  remove(user: UserId, id: DeviceId): Promise<boolean> {
    return this.#changing(user, () => this.#inner.remove(user, id));
  }

  prune(dead: Pick<Device, 'user' | 'id' | 'token'>): Promise<boolean> {
    return this.#changing(dead.user, () => this.#inner.prune(dead));
  }

  erase(user: UserId): Promise<void> {
    return this.#changing(user, () => this.#inner.erase(user));
  }

  #changing<Result>(user: UserId, write: () => Promise<Result>): Promise<Result> {
    return this.#lookup.changing(user, write);
  }
}
