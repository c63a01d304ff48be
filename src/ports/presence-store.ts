import type { Channel } from '../domain/channel.ts';
import type { ConnectionId, UserId } from '../domain/ids.ts';
import type { PresenceList } from '../domain/presence.ts';

/** One device of a user in a channel. */
export interface Device {
  readonly user: UserId;
  readonly connectionId: ConnectionId;
  /** ms since 1970; from then on the device counts as gone, whether or not anybody said so. */
  readonly expiresAt: number;
}

/**
 * Who is in which channel, by how many devices. A user whose last device has gone is still here until it is settled,
 * so that one who is back in between never left.
 *
 * Every write is idempotent, and is seen by every read that starts after it.
 */
export interface PresenceStore {
  /** @returns `joined` when the user was not here before; of many devices at once, to exactly one */
  enter(channel: Channel, device: Device): Promise<'joined' | 'present'>;

  /** @returns `last` when none of the user's devices is left, to be settled later; `present` otherwise */
  leave(channel: Channel, device: Pick<Device, 'user' | 'connectionId'>): Promise<'last' | 'present'>;

  /**
   * Lets a user go whose last device has gone and none has come back. @returns `left` when that was so, once; `present`
   * when a device is here, or the user was let go before
   */
  settle(channel: Channel, user: UserId): Promise<'left' | 'present'>;

  /** @param limit the most users that are worth listing; `users` is absent when there are more */
  list(channel: Channel, limit: number): Promise<PresenceList>;
}
