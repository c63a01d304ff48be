import type { Message, Position } from '../domain/message.ts';
import { FrameRoom } from './frame-room.ts';
import type { HistoryView } from './server-frames.ts';

interface Page {
  readonly messages: readonly Message[];
  readonly position: Position;
  readonly complete: boolean;
  readonly trimmed: boolean;
}

/** What surrounds the messages in an answer, generously. */
const ENVELOPE_BYTES = 1_024;

/**
 * A page of a log in the words of the wire, cut to what an answer may weigh: the messages nearest to where the reader
 * asked from stay, and `complete` says that there is more.
 */
export const viewHistory = (
  page: Page,
  asked: { readonly after?: number },
  maxBytes: number,
): HistoryView => {
  const forwards = asked.after !== undefined;
  const room = new FrameRoom(maxBytes - ENVELOPE_BYTES);
  const messages = room.take(forwards ? page.messages : page.messages.toReversed());
  const complete = page.complete && messages.length === page.messages.length;
  return { ...page, complete, messages: forwards ? messages : messages.reverse() };
};
