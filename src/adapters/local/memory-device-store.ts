import type { Device, DeviceId } from '../../domain/device.ts';
import { installationOf } from '../../domain/device.ts';
import type { UserId } from '../../domain/ids.ts';
import type { DeviceStore, Refreshed, Registered, Renewal } from '../../ports/device-store.ts';

export class MemoryDeviceStore implements DeviceStore {
  readonly #devices = new Map<UserId, Map<DeviceId, Device>>();
  readonly #byInstallation = new Map<string, Device>();

  async register(device: Device, max: number): Promise<Registered> {
    const known = this.#byInstallation.get(installationOf(device));
    if (known?.user === device.user) {
      const kept = { ...device, id: known.id, createdAt: known.createdAt };
      this.#put(kept);
      return { status: 'refreshed', device: kept };
    }
    if (this.#of(device.user).size >= max) return { status: 'full' };
    if (known !== undefined) this.#delete(known);
    this.#put(device);
    return known === undefined ? { status: 'added', device } : { status: 'moved', device, from: known.user };
  }

  async refresh(user: UserId, id: DeviceId, to: Renewal): Promise<Refreshed | undefined> {
    const device = this.#of(user).get(id);
    if (device === undefined) return undefined;
    const refreshed = { ...device, ...to };
    const other = this.#byInstallation.get(installationOf(refreshed));
    if (other !== undefined && other.id !== id) this.#delete(other);
    this.#byInstallation.delete(installationOf(device));
    this.#put(refreshed);
    return { device: refreshed, ...(other === undefined || other.user === user ? {} : { from: other.user }) };
  }

  async find(user: UserId, id: DeviceId): Promise<Device | undefined> {
    return this.#of(user).get(id);
  }

  async list(user: UserId): Promise<readonly Device[]> {
    return [...this.#of(user).values()];
  }

  async remove(user: UserId, id: DeviceId): Promise<boolean> {
    const device = this.#of(user).get(id);
    if (device !== undefined) this.#delete(device);
    return device !== undefined;
  }

  async prune({ user, id, token }: Pick<Device, 'user' | 'id' | 'token'>): Promise<boolean> {
    const device = this.#of(user).get(id);
    if (device?.token !== token) return false;
    this.#delete(device);
    return true;
  }

  async erase(user: UserId): Promise<void> {
    for (const device of this.#of(user).values()) this.#delete(device);
  }

  #of(user: UserId): ReadonlyMap<DeviceId, Device> {
    return this.#devices.get(user) ?? new Map<DeviceId, Device>();
  }

  #put(device: Device): void {
    const devices = this.#devices.get(device.user) ?? new Map<DeviceId, Device>();
    this.#devices.set(device.user, devices.set(device.id, device));
    this.#byInstallation.set(installationOf(device), device);
  }

  #delete(device: Device): void {
    const devices = this.#devices.get(device.user);
    devices?.delete(device.id);
    if (devices?.size === 0) this.#devices.delete(device.user);
    this.#byInstallation.delete(installationOf(device));
  }
}
