import { causeOf } from '../../domain/errors.ts';
import type { Schedule, ScheduleId } from '../../domain/schedule.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ScheduleChange, ScheduleQuery, ScheduleStore } from '../../ports/schedule-store.ts';
import type { Scheduler } from '../../ports/scheduler.ts';

export interface WakingScheduleStoreOptions {
  readonly inner: ScheduleStore;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * A store that sets each schedule's alarm as its next run changes, after it has changed. An alarm that could not be set is
 * told and not made the caller's failure, whose schedule is kept by then: the sweep over what is due finds it.
 */
export class WakingScheduleStore implements ScheduleStore {
  readonly #options: WakingScheduleStoreOptions;

  constructor(options: WakingScheduleStoreOptions) {
    this.#options = options;
  }

  async add(schedule: Schedule): Promise<void> {
    await this.#options.inner.add(schedule);
    await this.#follow(schedule.id, schedule);
  }

  find(id: ScheduleId): Promise<Schedule | undefined> {
    return this.#options.inner.find(id);
  }

  list(query: ScheduleQuery): Promise<readonly Schedule[]> {
    return this.#options.inner.list(query);
  }

  count(owner: Schedule['owner']): Promise<number> {
    return this.#options.inner.count(owner);
  }

  due(now: number, limit: number): Promise<readonly Schedule[]> {
    return this.#options.inner.due(now, limit);
  }

  async change(read: Schedule, to: ScheduleChange): Promise<boolean> {
    const changed = await this.#options.inner.change(read, to);
    if (changed) await this.#follow(read.id, to);
    return changed;
  }

  async delete(id: ScheduleId): Promise<boolean> {
    const deleted = await this.#options.inner.delete(id);
    if (deleted) await this.#follow(id, {});
    return deleted;
  }

  async #follow(id: ScheduleId, { nextRunAt }: Partial<ScheduleChange>): Promise<void> {
    const { scheduler, logger, metrics } = this.#options;
    try {
      if (nextRunAt === undefined) await scheduler.cancel(id);
      else await scheduler.wake({ schedule: id, at: nextRunAt });
    } catch (error) {
      metrics.count('schedule_alarms_failed_total', {});
      logger.warn('schedule.alarm-not-set', { schedule: id, cause: causeOf(error) });
    }
  }
}
