import { FanfareError } from './errors.ts';
import type { Branded, UserId } from './ids.ts';
import { isName, userId } from './ids.ts';

/** `user:<id>`, `room:<name>`, `topic:<name>` or `broadcast`; or `presence:` and one of these. */
export type Channel = Branded<'Channel'>;

export type ChannelKind = 'user' | 'room' | 'topic' | 'broadcast' | 'presence';

const PRESENCE = 'presence:';
const KINDS: ReadonlySet<string> = new Set(['user', 'room', 'topic']);

export const BROADCAST = 'broadcast' as Channel;

export const userChannel = (user: UserId): Channel => `user:${user}` as Channel;

/** Whose own channel it is; undefined for any other kind. */
export const userOf = (channel: Channel): UserId | undefined =>
  channel.startsWith('user:') ? userId(channel.slice('user:'.length)) : undefined;

/** Where a channel's comings and goings are told. */
export const presenceChannel = (channel: Channel): Channel => `${PRESENCE}${channel}` as Channel;

/** The channel whose comings and goings a presence channel tells; undefined for any other. */
export const subjectOf = (channel: Channel): Channel | undefined =>
  channel.startsWith(PRESENCE) ? (channel.slice(PRESENCE.length) as Channel) : undefined;

/** What people and programs may write to: every channel but those that tell of presence. */
export const isTarget = (text: string): text is Channel => {
  if (text === BROADCAST) return true;
  const colon = text.indexOf(':');
  return KINDS.has(text.slice(0, colon)) && isName(text.slice(colon + 1));
};

export const isChannel = (text: string): text is Channel =>
  isTarget(text.startsWith(PRESENCE) ? text.slice(PRESENCE.length) : text);

/** @throws FanfareError `invalid`, naming `field`, when the text is no channel. */
export const parseChannel = (text: string, field = 'channel'): Channel => {
  if (isChannel(text)) return text;
  throw new FanfareError('invalid', CHANNEL_EXPECTED, { field });
};

export const CHANNEL_EXPECTED =
  'expected user:<id>, room:<name>, topic:<name> or broadcast; a name is 1 to 128 of A-Z a-z 0-9 . _ @ + = -';

export const channelKind = (channel: Channel): ChannelKind =>
  channel === BROADCAST ? 'broadcast' : (channel.slice(0, channel.indexOf(':')) as ChannelKind);
