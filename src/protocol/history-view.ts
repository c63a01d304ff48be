import type { Message, Position } from '../domain/message.ts';
import type { MessageView } from './message-view.ts';
import { viewMessage } from './message-view.ts';

export interface HistoryView {
  readonly messages: MessageView[];
  readonly position: Position;
  readonly complete: boolean;
  readonly trimmed: boolean;
}

interface Page {
  readonly messages: readonly Message[];
  readonly position: Position;
  readonly complete: boolean;
  readonly trimmed: boolean;
}

/** What surrounds the messages in an answer, generously. */
const ENVELOPE_BYTES = 1_024;

const encoder = new TextEncoder();

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
  const nearestFirst = forwards ? page.messages : page.messages.toReversed();
  const messages: MessageView[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const message of nearestFirst) {
    const view = viewMessage(message);
    bytes += encoder.encode(JSON.stringify(view)).length + 1;
    if (bytes > maxBytes) break;
    messages.push(view);
  }
  const complete = page.complete && messages.length === page.messages.length;
  return { ...page, complete, messages: forwards ? messages : messages.reverse() };
};
