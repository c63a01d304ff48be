import type { Cap, Category } from './category.ts';
import type { Digest, DigestWindow } from './digest.ts';
import { digestWindow } from './digest.ts';
import type { NextTime } from './local-time.ts';
import type { Priority } from './notification.ts';
import type { Preferences } from './preferences.ts';
import { isMuted, preferred } from './preferences.ts';
import { quietUntil } from './quiet-hours.ts';

/** Whether a person's phones are pushed, and the rule that said so. Times are ms since 1970. */
export type PushDecision =
  /** Now, unless it would be one more than the cap has; then `overflow` is the digest it goes to, where the cap says so. */
  | {
      readonly kind: 'push';
      readonly rule: 'allowed' | 'urgent';
      readonly cap?: Cap;
      readonly overflow?: DigestWindow;
    }
  /** Later; then it is to be decided anew. */
  | { readonly kind: 'hold'; readonly rule: 'quiet-hours'; readonly until: number }
  /**
   * With the others of its window. It is of those that were sent since `since`, which leaves screens their time; who
   * decides later than that adds what was sent before.
   */
  | ({ readonly kind: 'digest'; readonly rule: 'digest' } & DigestWindow)
  | { readonly kind: 'drop'; readonly rule: 'push-off' | 'muted' };

export interface ToDecide {
  /** As configured, without the person's own wishes. */
  readonly category: Category;
  readonly preferences: Preferences;
  /** The user's own; that of their quiet hours comes first. */
  readonly timeZone: string;
  readonly priority: Priority;
  /** It was to go into a digest, whose time has come: it is not collected anew. */
  readonly hasWaited?: boolean;
  /** ms since 1970 */
  readonly now: number;
  readonly next: NextTime;
}

/** Where a cap has a digest take the rest, and the category has none. */
const HOURLY: Digest = { every: 'hour' };

/**
 * The first that holds: push is off; muted; a digest, but for high priority; quiet hours, but for high priority where
 * they let it pass.
 */
export const decidePush = (given: ToDecide): PushDecision => {
  const { preferences, priority, now, next } = given;
  const category = preferred(given.category, preferences);
  const { quietHours } = preferences;
  const timeZone = quietHours?.timeZone ?? given.timeZone;
  const collect = (digest: Digest): DigestWindow => {
    const { at, since } = digestWindow(digest, { quietHours, timeZone }, now, next);
    return { at, since: since - category.pushAfterMs };
  };

  if (!category.push) return { kind: 'drop', rule: 'push-off' };
  if (isMuted(preferences, category.name, now)) return { kind: 'drop', rule: 'muted' };
  const isUrgent = priority === 'high';
  if (category.digest !== undefined && !isUrgent && !given.hasWaited)
    return { kind: 'digest', rule: 'digest', ...collect(category.digest) };

  const until = quietHours && quietUntil(quietHours, timeZone, now, next);
  if (until !== undefined && !(isUrgent && quietHours?.urgentPasses))
    return { kind: 'hold', rule: 'quiet-hours', until };
  const { cap } = category;
  return {
    kind: 'push',
    rule: until === undefined ? 'allowed' : 'urgent',
    ...(cap === undefined ? {} : { cap }),
    ...(cap?.over === 'digest' ? { overflow: collect(category.digest ?? HOURLY) } : {}),
  };
};
