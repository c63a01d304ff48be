import type { Channel } from './channel.ts';
import { BROADCAST, subjectOf, userChannel } from './channel.ts';
import { FanfareError } from './errors.ts';
import type { UserId } from './ids.ts';

export type Action = 'subscribe' | 'publish' | 'presence' | 'history';

/** What a token allows on the channels that a pattern names: a channel, or a prefix that ends in `*`. */
export interface Capability {
  readonly pattern: string;
  readonly actions: readonly Action[];
}

/** Who calls, and what they may do. */
export interface Identity {
  readonly user: UserId;
  readonly capabilities: readonly Capability[];
  /** May do everything, on every channel, for every user. */
  readonly admin: boolean;
  /** When the token ends, in ms since 1970; what it opened ends with it. */
  readonly expiresAt: number;
}

/** Everyone may follow their own channel and what is said to all. The rest, their token must name. */
const OWN_ACTIONS: ReadonlySet<Action> = new Set(['subscribe', 'history', 'presence']);
const BROADCAST_ACTIONS: ReadonlySet<Action> = new Set(['subscribe', 'history']);

/** Of who comes and goes in a channel, everyone may hear who may ask who is there; nobody may say it but the service. */
export const allows = (identity: Identity, action: Action, channel: Channel): boolean => {
  const subject = subjectOf(channel);
  return subject === undefined
    ? allowsOn(identity, action, channel)
    : action !== 'publish' && allowsOn(identity, 'presence', subject);
};

const allowsOn = (identity: Identity, action: Action, channel: Channel): boolean =>
  identity.admin ||
  (channel === userChannel(identity.user) && OWN_ACTIONS.has(action)) ||
  (channel === BROADCAST && BROADCAST_ACTIONS.has(action)) ||
  identity.capabilities.some(({ pattern, actions }) => actions.includes(action) && matches(pattern, channel));

/** @throws FanfareError `forbidden`, naming the action and the channel. */
export const requireCapability = (identity: Identity, action: Action, channel: Channel): void => {
  if (allows(identity, action, channel)) return;
  throw new FanfareError('forbidden', `this token does not allow ${action} on ${channel}`, {
    field: 'channel',
  });
};

/** @throws FanfareError `forbidden` for all but admins */
export const requireAdmin = ({ admin }: Identity): void => {
  if (!admin) throw new FanfareError('forbidden', 'expected an admin token');
};

/** @throws FanfareError `forbidden` for whoever is neither the user nor an admin. */
export const requireUser = (identity: Identity, user: UserId): void => {
  if (identity.admin || identity.user === user) return;
  throw new FanfareError('forbidden', `only ${user} or an admin may see what is ${user}'s`, { field: 'id' });
};

const matches = (pattern: string, channel: Channel): boolean =>
  pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : pattern === channel;
