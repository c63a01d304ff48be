import type { Position } from '../domain/message.ts';
import type { Followed, FollowOutcome } from '../domain/subscription.ts';
import type { ErrorView } from './error-view.ts';
import { viewError } from './error-view.ts';
import { FrameRoom } from './frame-room.ts';
import type { MessageView } from './message-view.ts';

export interface SubscribedView {
  readonly channel: string;
  readonly position: Position;
  readonly recovered: boolean;
  readonly messages: readonly MessageView[];
  /** Whether `messages` reach up to `position`; where they do not, subscribe again from the last of them. */
  readonly complete: boolean;
}

/** One channel of many that could not be followed. */
export interface RefusedView {
  readonly channel: string;
  readonly error: ErrorView;
}

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
