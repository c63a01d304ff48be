import type { Clock } from '../../ports/clock.ts';
import type { ScheduleChange, ScheduleStore } from '../../ports/schedule-store.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { Schedule, ScheduleId } from '../schedule.ts';
import type { RunTimes } from './run-times.ts';

/** How often a change is tried when runs come in between. */
const TRIES = 5;

/** Everyone sees and changes their own schedules, an admin all. */
export class ManageSchedules {
  readonly #ports: ManageSchedulesPorts;

  constructor(ports: ManageSchedulesPorts) {
    this.#ports = ports;
  }

  /** In the order of ids; an admin's are everyone's. */
  list(
    identity: Identity,
    page: { readonly after?: ScheduleId; readonly limit: number },
  ): Promise<readonly Schedule[]> {
    return this.#ports.schedules.list({ ...page, ...(identity.admin ? {} : { owner: identity.user }) });
  }

  /** @throws FanfareError `not-found` for one that is not there, or another's */
  async find(identity: Identity, id: ScheduleId): Promise<Schedule> {
    const schedule = await this.#ports.schedules.find(id);
    if (schedule !== undefined && (identity.admin || schedule.owner === identity.user)) return schedule;
    throw new FanfareError('not-found', `there is no schedule ${id}`, { field: 'id' });
  }

  /** Its next run, and those that follow, in ms since 1970; none while it is paused. @param count at least 1 */
  async nextRuns({ nextRunAt, ...planned }: Schedule, count: number): Promise<readonly number[]> {
    if (nextRunAt === undefined) return [];
    return [nextRunAt, ...(await this.#ports.times.following(planned, nextRunAt, count - 1))];
  }

  /** Pausing one that is paused does nothing. @throws FanfareError `not-found` */
  pause(identity: Identity, id: ScheduleId): Promise<Schedule> {
    return this.#change(identity, id, async () => ({ state: 'paused' }));
  }

  /**
   * Runs that were due meanwhile are not made up for. Resuming one that is active does nothing.
   *
   * @throws FanfareError `not-found`, `conflict` for one whose time has passed
   */
  resume(identity: Identity, id: ScheduleId): Promise<Schedule> {
    const { times, clock } = this.#ports;
    return this.#change(identity, id, async schedule => {
      if (schedule.state === 'active') return schedule;
      const nextRunAt = await times.next(schedule, clock.now());
      if (nextRunAt === undefined) throw new FanfareError('conflict', `the time of ${id} has passed`);
      return { state: 'active', nextRunAt };
    });
  }

  /** What is run at this moment may still come. @throws FanfareError `not-found` */
  async cancel(identity: Identity, id: ScheduleId): Promise<void> {
    await this.find(identity, id);
    await this.#ports.schedules.delete(id);
  }

  async #change(
    identity: Identity,
    id: ScheduleId,
    toOf: (schedule: Schedule) => Promise<ScheduleChange>,
  ): Promise<Schedule> {
    for (let tries = 0; tries < TRIES; tries++) {
      const { nextRunAt, ...schedule } = await this.find(identity, id);
      const read = nextRunAt === undefined ? schedule : { ...schedule, nextRunAt };
      const { state, nextRunAt: next } = await toOf(read);
      const to = next === undefined ? { state } : { state, nextRunAt: next };
      if (await this.#ports.schedules.change(read, to)) return { ...schedule, ...to };
    }
    throw new FanfareError('conflict', `${id} is being run`, { retryAfterMs: 1_000 });
  }
}

export interface ManageSchedulesPorts {
  readonly schedules: ScheduleStore;
  readonly times: RunTimes;
  readonly clock: Clock;
}
