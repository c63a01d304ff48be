import { DEFAULT_CATEGORY } from './category.ts';
import { notificationId } from './ids.ts';
import type { InboxItem } from './inbox.ts';
import type { AlertPush } from './push.ts';
import { alertFor } from './push.ts';
import { PUSH_LIFE_MS } from './push-task.ts';

/** Titles that a digest's body has room for on a lock screen. */
const TITLES = 5;
/** APNs: apns-collapse-id has 64 bytes. */
const MAX_COLLAPSE_ID = 64;

/**
 * One push of all that a category has collected; of a single notification, its own.
 *
 * @param items at least one, the newest first
 * @param at when the digest comes, in ms since 1970
 */
export const digestPush = (
  category: string,
  [newest, ...others]: readonly [InboxItem, ...InboxItem[]],
  at: number,
): AlertPush => {
  const expiresAt = at + PUSH_LIFE_MS;
  if (others.length === 0) return alertFor(newest.notification, newest.messageId, expiresAt);
  const items = [newest, ...others];
  const lines = items.slice(0, TITLES).map(({ notification }) => notification.title);
  const rest = items.length - lines.length;
  const subject = category === DEFAULT_CATEGORY.name ? 'new notifications' : `new in ${category}`;
  const notification = {
    id: notificationId(`digest-${category}-${at}`),
    title: `${items.length} ${subject}`,
    body: [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'),
    priority: 'normal',
    collapseKey: `digest-${category}`.slice(0, MAX_COLLAPSE_ID),
    ...(category === DEFAULT_CATEGORY.name ? {} : { category }),
  } as const;
  return alertFor(notification, newest.messageId, expiresAt);
};
