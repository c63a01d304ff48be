import type { Channel } from '../domain/channel.ts';
import type { ConnectionId, UserId } from '../domain/ids.ts';
import type { PresenceList, PresentUser, Stay, Telling } from '../domain/presence.ts';

/** One device of a user in a channel. */
export interface Device {
  readonly user: UserId;
  readonly connectionId: ConnectionId;
  /** ms since 1970; from then on the device counts as gone, whether or not anybody said so. */
  readonly expiresAt: number;
}

/**
 * Who is in which channel, by how many devices, and what was decided to be told of it. Decisions are kept where the
 * devices are, so that none is lost with whoever made it: the next who looks finds it, and tells it.
 *
 * Every write is idempotent, and is seen by every read that starts after it.
 */
export interface PresenceStore {
  /** @returns `joined` for as long as it is not decided to tell that the user is here; `present` afterwards */
  enter(channel: Channel, device: Device): Promise<'joined' | 'present'>;

  /** @returns `last` when none of the user's devices is left; `present` otherwise, or when nothing is known of the user */
  leave(channel: Channel, device: Pick<Device, 'user' | 'connectionId'>): Promise<'last' | 'present'>;

  /** @returns what is known of the user; undefined when nothing is, or no more */
  find(channel: Channel, user: UserId): Promise<Stay | undefined>;

  /** Keeps what is to be told next. @returns false, and keeps nothing, when there was a write since `stay` was found */
  decide(channel: Channel, user: UserId, stay: Stay, telling: Telling): Promise<boolean>;

  /** Notes that a decision has been told. One that is not the latest is passed over. */
  told(channel: Channel, user: UserId, id: Telling['id']): Promise<void>;

  /** Forgets the user. @returns false, and forgets nothing, when there was a write since `stay` was found */
  forget(channel: Channel, user: UserId, stay: Stay): Promise<boolean>;

  /** Who is here, where they are no more than `limit`; undefined otherwise, at the cost of reading about so many. */
  few(channel: Channel, limit: number): Promise<readonly PresentUser[] | undefined>;

  /** @param limit the most users that are worth listing; `users` is absent when there are more, but all are counted */
  list(channel: Channel, limit: number): Promise<PresenceList>;
}
