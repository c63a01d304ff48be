import type { DeviceId } from '../domain/device.ts';
import type { MessageId, UserId } from '../domain/ids.ts';
import type { PushedMessage } from '../domain/push-task.ts';

/** What a device shows under one collapse id. */
export interface ShownPush {
  readonly user: UserId;
  readonly deviceId: DeviceId;
  readonly collapseId: string;
  /** What it tells of; at least one. */
  readonly messages: readonly PushedMessage[];
  /** When the newest of them was sent, in ms since 1970. */
  readonly sentAt: number;
}

/** Of a user's, as it stands. */
export interface StandingPush extends Omit<ShownPush, 'user'> {
  /** Whether all that it tells of was read since. */
  readonly read: boolean;
}

/**
 * What stands on the lock screens of users' devices, as far as we know: so that what was read elsewhere can be taken
 * back. It is kept for 30 days from `sentAt`; a platform may keep only the newest, at least 500 of a user. Every write is
 * whole or not at all, and is seen by every read that starts after it.
 */
export interface LockScreenStore {
  /**
   * Notes what a device shows, in the place of what it showed under that collapse id.
   *
   * @returns false, and notes nothing, when it shows there what was sent later
   */
  show(push: ShownPush): Promise<boolean>;

  /** Notes that messages were read: without `messageIds`, all of a user's. */
  read(user: UserId, messageIds?: readonly MessageId[]): Promise<void>;

  /** What a user's devices show, what was sent first first. */
  list(user: UserId): Promise<readonly StandingPush[]>;

  /** A device shows no more what was read; what it shows there anew, it goes on showing. */
  withdrawn(user: UserId, deviceId: DeviceId, collapseIds: readonly string[]): Promise<void>;

  erase(user: UserId): Promise<void>;
}
