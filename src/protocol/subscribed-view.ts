import type { Followed, FollowOutcome } from '../domain/subscription.ts';
import { viewError } from './error-view.ts';
import { FrameRoom } from './frame-room.ts';
import type { RefusedView, SubscribedView } from './server-frames.ts';

/** What surrounds the messages of one channel, generously: its name, an epoch, an error's text. */
const ENVELOPE_BYTES = 768;

/** The answer about one channel, cut to what a frame may weigh. */
export const viewFollowed = (followed: Followed, maxBytes: number): SubscribedView =>
  viewWithin(followed, new FrameRoom(maxBytes - ENVELOPE_BYTES));

/** The answers about several, whose messages share what a frame may weigh: what is asked for first comes first. */
export const viewOutcomes = (
  outcomes: readonly FollowOutcome[],
  maxBytes: number,
): readonly (SubscribedView | RefusedView)[] => {
  const room = new FrameRoom(maxBytes - outcomes.length * ENVELOPE_BYTES);
  return outcomes.map(outcome =>
    'error' in outcome
      ? { channel: outcome.channel, error: viewError(outcome.error) }
      : viewWithin(outcome, room),
  );
};

const viewWithin = ({ channel, position, recovered, missed }: Followed, room: FrameRoom): SubscribedView => {
  const messages = room.take(missed);
  return { channel, position, recovered, messages, complete: messages.length === missed.length };
};
