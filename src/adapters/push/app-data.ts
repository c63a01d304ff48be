import type { AlertPush } from '../../domain/push.ts';
import type { Wording } from './fit-into.ts';

/** What an app is told of an alert besides what it shows: the same on every platform. */
export const appData = (
  { messageId, collapseId, notification, unsubscribeUrl }: AlertPush,
  said: Wording,
) => ({
  messageId,
  collapseId,
  ...(notification.category === undefined ? {} : { category: notification.category }),
  ...(said.data === undefined ? {} : { data: said.data }),
  ...(said.dataLeftOut === undefined ? {} : { dataLeftOut: said.dataLeftOut }),
  ...(unsubscribeUrl === undefined ? {} : { unsubscribeUrl }),
});

/** How long it may wait for the device, in whole seconds; 0 is now or never, and 28 days the most that any service takes. */
export const secondsLeft = ({ expiresAt }: AlertPush, nowMs: number): number =>
  Math.min(MOST_SECONDS, Math.max(0, Math.floor((expiresAt - nowMs) / 1_000)));

export const MOST_SECONDS = 28 * 86_400;
