import { FanfareError } from './errors.ts';
import type { Branded, UserId } from './ids.ts';
import { isName } from './ids.ts';

/** `user:<id>`, `room:<name>`, `topic:<name>` or `broadcast`. */
export type Channel = Branded<'Channel'>;

export type ChannelKind = 'user' | 'room' | 'topic' | 'broadcast';

const KINDS: ReadonlySet<string> = new Set(['user', 'room', 'topic']);

export const BROADCAST = 'broadcast' as Channel;

export const userChannel = (user: UserId): Channel => `user:${user}` as Channel;

export const isChannel = (text: string): text is Channel => {
  if (text === BROADCAST) return true;
  const colon = text.indexOf(':');
  return KINDS.has(text.slice(0, colon)) && isName(text.slice(colon + 1));
};

/** @throws FanfareError `invalid`, naming `field`, when the text is no channel. */
export const parseChannel = (text: string, field = 'channel'): Channel => {
  if (isChannel(text)) return text;
  throw new FanfareError('invalid', CHANNEL_EXPECTED, { field });
};

export const CHANNEL_EXPECTED =
  'expected user:<id>, room:<name>, topic:<name> or broadcast; a name is 1 to 128 of A-Z a-z 0-9 . _ @ + = -';

export const channelKind = (channel: Channel): ChannelKind =>
  channel === BROADCAST ? 'broadcast' : (channel.slice(0, channel.indexOf(':')) as ChannelKind);
