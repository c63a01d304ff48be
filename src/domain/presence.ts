import type { Channel } from './channel.ts';
import type { ConnectionId, UserId } from './ids.ts';

/** How long a user whose last device is gone has to come back unnoticed. */
export const PRESENCE_GRACE_MS = 15_000;

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

/** What was decided to be told of a user in a channel. */
export interface Telling {
  /** The same at every attempt, so that what is told twice is told once. */
  readonly id: string;
  readonly event: PresenceChange['event'];
}

/** What is known of a user in a channel, from the first device until it has been told that the last has gone. */
export interface Stay {
  /** When the time of each device is over, in ms since 1970, be it over or not; without those that said they go. */
  readonly devices: ReadonlyMap<ConnectionId, number>;
  /** When a device last said that it goes, in ms since 1970; absent when none has. */
  readonly leftAt?: number;
  /** The latest decision, and whether it is known to have been told. */
  readonly telling?: Telling & { readonly told: boolean };
  /** Another after every write. */
  readonly version: number;
}

/**
 * A look that is due at a user in a channel. `entered` and `left`: something has changed there. `watch`: looks again and
 * again while the decision stands by which the user joined, since a device can end without a word.
 */
export type PresenceLook = { readonly channel: Channel; readonly user: UserId } & (
  | { readonly reason: 'entered' | 'left' }
  | { readonly reason: 'watch'; readonly joining: string }
);

/** What is to be done about a stay; `wait`: nothing before `until`, in ms since 1970. */
export type PresenceStep =
  | { readonly step: 'tell'; readonly telling: Telling }
  | { readonly step: 'decide'; readonly event: PresenceChange['event'] }
  | { readonly step: 'forget' }
  | { readonly step: 'wait'; readonly until: number; readonly here: boolean };

/** One decision is told before the next is made, so that they are told in the order in which they were made. */
export const nextStep = ({ devices, leftAt = 0, telling }: Stay, now: number): PresenceStep => {
  if (telling !== undefined && !telling.told) return { step: 'tell', telling };
  const lastEnd = Math.max(0, ...devices.values());
  const here = lastEnd > now;
  const knownHere = telling?.event === 'joined';
  if (here && !knownHere) return { step: 'decide', event: 'joined' };
  const until = Math.max(lastEnd, leftAt) + PRESENCE_GRACE_MS;
  if (until > now) return { step: 'wait', until, here };
  return knownHere ? { step: 'decide', event: 'left' } : { step: 'forget' };
};
