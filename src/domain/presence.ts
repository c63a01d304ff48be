import type { Channel } from './channel.ts';
import type { UserId } from './ids.ts';

/** Somebody's coming or going. */
export interface PresenceChange {
  readonly event: 'joined' | 'left';
  readonly user: UserId;
  /** How many users are here since. */
  readonly count: number;
}

export interface PresentUser {
  readonly user: UserId;
  /** Open connections that follow the channel; at least 1. */
  readonly devices: number;
}

/** Who is in a channel. */
export interface PresenceList {
  /** Users, each counted once. */
  readonly count: number;
  /** In no particular order; absent when they are too many to list. */
  readonly users?: readonly PresentUser[];
}

/** What is still to be told, or decided, of somebody's coming or going. */
export interface PresenceEvent {
  /** The same at every attempt, so that what is told twice is told once. */
  readonly id: string;
  readonly channel: Channel;
  readonly user: UserId;
  /** `leaving`: the last device is gone, and whether the user has left shows when the grace is over. */
  readonly event: 'joined' | 'leaving' | 'left';
}
