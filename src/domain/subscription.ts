import type { Channel } from './channel.ts';
import type { FanfareError } from './errors.ts';
import type { Message, Position } from './message.ts';

/** A channel to follow, and the last place in its log that the client has. */
export interface Follow {
  readonly channel: Channel;
  readonly since?: Position;
}

export interface Followed {
  readonly channel: Channel;
  /** The newest place: what is above it will be pushed. */
  readonly position: Position;
  /** Whether `missed` is everything between where the client left off and `position`. */
  readonly recovered: boolean;
  /** In the order of their offsets; empty unless recovered. */
  readonly missed: readonly Message[];
}

export interface Refused {
  readonly channel: Channel;
  readonly error: FanfareError;
}

export type FollowOutcome = Followed | Refused;
