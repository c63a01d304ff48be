import type { Branded, UserId } from './ids.ts';
import type { NotificationRequest } from './notification.ts';

export type ScheduleId = Branded<'ScheduleId'>;
export const scheduleId = (text: string): ScheduleId => text as ScheduleId;

/** When a schedule's runs are. */
export type Timing =
  /** @property at ms since 1970 */
  | { readonly kind: 'once'; readonly at: number }
  /** @property timeZone an IANA name, or {@link USER_TIME_ZONE} */
  | { readonly kind: 'cron'; readonly pattern: string; readonly timeZone: string };

/** What becomes of runs that nobody was there for: the latest of them is made up for, or none is. */
export type MissedRuns = 'run-once' | 'skip';

/** A notification at a time, or again and again. After its last run it is deleted. */
export interface Schedule {
  readonly id: ScheduleId;
  /** Who asked for it, and as whom it notifies. */
  readonly owner: UserId;
  /** Whether they could notify everyone when they asked. */
  readonly ownerIsAdmin: boolean;
  readonly timing: Timing;
  readonly missedRuns: MissedRuns;
  readonly request: NotificationRequest;
  readonly state: 'active' | 'paused';
  /** ms since 1970; absent unless active. */
  readonly nextRunAt?: number;
  /** ms since 1970 */
  readonly createdAt: number;
}

/** In place of a time zone: the own one of each user that is told. */
export const USER_TIME_ZONE = 'user';

/** Of a user who has said nothing of theirs. */
export const DEFAULT_TIME_ZONE = 'UTC';

/** A run this much later than it was to be has been missed, in ms. */
export const MISSED_AFTER_MS = 60_000;

/** One user's. */
export const MAX_SCHEDULES = 1_000;
