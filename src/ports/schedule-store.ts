import type { UserId } from '../domain/ids.ts';
import type { Schedule, ScheduleId } from '../domain/schedule.ts';

export interface ScheduleQuery {
  /** Of this user alone; of all without it. */
  readonly owner?: UserId;
  /** Those that come after this one in the order of ids. */
  readonly after?: ScheduleId;
  /** At the most so many; at least 1. */
  readonly limit: number;
}

/** A schedule's state and next run, as they are changed together. */
export type ScheduleChange = Pick<Schedule, 'state' | 'nextRunAt'>;

/** Every write is seen by every read that starts after it. */
export interface ScheduleStore {
  /** Adding one of an id that is there does nothing. */
  add(schedule: Schedule): Promise<void>;

  find(id: ScheduleId): Promise<Schedule | undefined>;

  /** In the order of ids. */
  list(query: ScheduleQuery): Promise<readonly Schedule[]>;

  /** How many a user has. */
  count(owner: UserId): Promise<number>;

  /** Active ones whose next run is then or before, the one that is due longest first. */
  due(now: number, limit: number): Promise<readonly Schedule[]>;

  /** Changes it, unless it has changed since it was read. @returns whether it did */
  change(read: Schedule, to: ScheduleChange): Promise<boolean>;

  /** @returns whether it was there */
  delete(id: ScheduleId): Promise<boolean>;
}
