import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import { causeOf, FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { Schedule } from '../schedule.ts';
import { MISSED_AFTER_MS } from '../schedule.ts';
import type { Notify } from './notify.ts';
import type { RunTimes } from './run-times.ts';

/** Schedules that are run in one go, and those at a time. */
const BATCH = 1_000;
const AT_ONCE = 256;

/**
 * Runs what is due. A run notifies under a key of the schedule and its time, and only then is the schedule moved to its
 * next run: whoever dies in between leaves it to the next, who finds the notification sent.
 */
export class RunDue {
  readonly #ports: RunDuePorts;

  constructor(ports: RunDuePorts) {
    this.#ports = ports;
  }

  /** Never rejects for a schedule: what could not be sent for now stays due. @returns whether others are due already */
  async execute(): Promise<'more' | 'done'> {
    const due = await this.#ports.schedules.due(this.#ports.clock.now(), BATCH);
    const waiting = due.values();
    let settled = 0;
    const work = async (): Promise<void> => {
      for (const schedule of waiting) if (await this.run(schedule)) settled++;
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return due.length === BATCH && settled > 0 ? 'more' : 'done';
  }

  /** Runs one that is due, as it was read; what could not be sent for now stays due. @returns whether it is done with */
  async run(schedule: Schedule): Promise<boolean> {
    const { schedules, clock, logger, metrics } = this.#ports;
    const { id, nextRunAt: runAt } = schedule;
    if (runAt === undefined) return true;
    const isMissed = clock.now() - runAt > MISSED_AFTER_MS;
    const until = isMissed ? clock.now() : runAt;
    try {
      const outcome =
        isMissed && schedule.missedRuns === 'skip' ? 'skipped' : await this.#send(schedule, runAt, until);
      metrics.count('schedule_runs_total', { outcome });
      const next = await this.#ports.times.next(schedule, until);
      if (next === undefined) await schedules.delete(id);
      else await schedules.change(schedule, { state: 'active', nextRunAt: next });
      return true;
    } catch (error) {
      metrics.count('schedule_runs_total', { outcome: 'postponed' });
      logger.warn('schedule.postponed', { schedule: id, cause: causeOf(error) });
      return false;
    }
  }

  /** @throws what may be otherwise when it is tried again */
  async #send(schedule: Schedule, runAt: number, until: number): Promise<'sent' | 'refused' | 'skipped'> {
    const { notify, logger, times } = this.#ports;
    const { id } = schedule;
    const request = await times.requestOf(schedule, runAt, until);
    if (request === undefined) return 'skipped';
    const idempotency = { key: `${id}@${runAt}`, fingerprint: id };
    try {
      await notify.execute({ identity: ownerOf(schedule, this.#ports.clock.now()), request, idempotency });
      return 'sent';
    } catch (error) {
      if (!(error instanceof FanfareError) || error.retryable) throw error;
      logger.error('schedule.refused', { schedule: id, cause: causeOf(error) });
      return 'refused';
    }
  }
}

export interface RunDuePorts {
  readonly schedules: ScheduleStore;
  readonly notify: Notify;
  readonly times: RunTimes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Who asked for it, with the rights that they had then. */
const ownerOf = ({ owner, ownerIsAdmin }: Schedule, now: number): Identity => ({
  user: owner,
  admin: ownerIsAdmin,
  capabilities: [],
  expiresAt: now + MISSED_AFTER_MS,
});
