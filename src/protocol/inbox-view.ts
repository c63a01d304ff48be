import type { InboxItem } from '../domain/inbox.ts';
import { isoOf } from './iso-time.ts';
import { viewNotification } from './message-view.ts';
import type { InboxEntryView, InboxView } from './server-frames.ts';

interface Page {
  readonly items: readonly InboxItem[];
  readonly unread: number;
  readonly complete: boolean;
}

/** What surrounds the entries in an answer, generously. */
const ENVELOPE_BYTES = 1_024;

const encoder = new TextEncoder();

/** A page of an inbox in the words of the wire, cut to what an answer may weigh: the newest stay. */
export const viewInbox = ({ items, unread, complete }: Page, maxBytes: number): InboxView => {
  const entries: InboxEntryView[] = [];
  let room = maxBytes - ENVELOPE_BYTES;
  for (const item of items) {
    const entry = viewEntry(item);
    room -= encoder.encode(JSON.stringify(entry)).length + 1;
    if (room < 0) break;
    entries.push(entry);
  }
  return { entries, unread, complete: complete && entries.length === items.length };
};

export const viewEntry = ({ sentAt, shownAt, notification, ...rest }: InboxItem): InboxEntryView => ({
  ...rest,
  sentAt: isoOf(sentAt),
  notification: viewNotification(notification),
  ...(shownAt === undefined ? {} : { shownAt: isoOf(shownAt) }),
});
