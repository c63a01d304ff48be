import type { Device, DeviceId } from '../domain/device.ts';
import type { UserId } from '../domain/ids.ts';

export type Registered =
  | { readonly status: 'added' | 'refreshed'; readonly device: Device }
  /** It was another user's, and is no more. */
  | { readonly status: 'moved'; readonly device: Device; readonly from: UserId }
  /** The user has as many as they may; nothing changed. */
  | { readonly status: 'full' };

/** What an app now has. */
export type Renewal = Pick<Device, 'token' | 'refreshedAt'> & Partial<Pick<Device, 'label'>>;

export interface Refreshed {
  readonly device: Device;
  /** Whose installation it took the place of, where it was another user's. */
  readonly from?: UserId;
}

/**
 * Users' devices. An installation, as `installationOf` tells them apart, is one user's at a time. Every write is whole
 * or not at all, and is seen by every read that starts after it.
 */
export interface DeviceStore {
  /**
   * Adds a device. Of an installation that is this user's already, the id and `createdAt` stay, and the rest is as
   * given; one that is another's leaves them.
   *
   * @param max what a user may have
   */
  register(device: Device, max: number): Promise<Registered>;

  /**
   * Gives a device of a user what its app now has. An installation that gets the token of another takes its place.
   *
   * @returns it as it is since; undefined when this user has no such device
   */
  refresh(user: UserId, id: DeviceId, to: Renewal): Promise<Refreshed | undefined>;

  find(user: UserId, id: DeviceId): Promise<Device | undefined>;

  /** In the order in which they were added. */
  list(user: UserId): Promise<readonly Device[]>;

  /** @returns whether it was there */
  remove(user: UserId, id: DeviceId): Promise<boolean>;

  /** Removes a device whose token is dead, unless it has another since. @returns whether it did */
  prune(dead: Pick<Device, 'user' | 'id' | 'token'>): Promise<boolean>;

  /** Removes all of a user's. */
  erase(user: UserId): Promise<void>;
}
