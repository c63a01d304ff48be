import type { Clock } from '../../ports/clock.ts';
import type { Cron } from '../../ports/cron.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import { causeOf, FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { Schedule } from '../schedule.ts';
import { MISSED_AFTER_MS } from '../schedule.ts';
import type { Notify } from './notify.ts';

/** Schedules that are run in one go, and those at a time. */
const BATCH = 1_000;
const AT_ONCE = 16;

/**
 * Runs what is due. A run notifies under a key of the schedule and its time, and only then is the schedule moved to its
 * next run: whoever dies in between leaves it to the next, who finds the notification sent.
 */
export class RunDue {
  readonly #ports: RunDuePorts;

  constructor(ports: RunDuePorts) {
    this.#ports = ports;
  }

  /** Never rejects for a schedule: what could not be sent for now stays due. @returns how many it looked at */
  async execute(): Promise<number> {
    const due = await this.#ports.schedules.due(this.#ports.clock.now(), BATCH);
    const waiting = [...due];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await this.#run(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return due.length;
  }

  async #run(schedule: Schedule): Promise<void> {
    const { schedules, clock, logger, metrics } = this.#ports;
    const { id, nextRunAt: runAt } = schedule;
    if (runAt === undefined) return;
    const isMissed = clock.now() - runAt > MISSED_AFTER_MS;
    try {
      const outcome =
        isMissed && schedule.missedRuns === 'skip' ? 'skipped' : await this.#send(schedule, runAt);
      metrics.count('schedule_runs_total', { outcome });
      const next = this.#next(schedule, isMissed ? clock.now() : runAt);
      if (next === undefined) await schedules.delete(id);
      else await schedules.change(schedule, { state: 'active', nextRunAt: next });
    } catch (error) {
      metrics.count('schedule_runs_total', { outcome: 'postponed' });
      logger.warn('schedule.postponed', { schedule: id, cause: causeOf(error) });
    }
  }

  /** @throws what may be otherwise when it is tried again */
  async #send(schedule: Schedule, runAt: number): Promise<'sent' | 'refused'> {
    const { notify, logger } = this.#ports;
    const { id, request } = schedule;
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

  #next({ timing }: Schedule, after: number): number | undefined {
    return timing.kind === 'cron' ? this.#ports.cron.next(timing.pattern, timing.timeZone, after) : undefined;
  }
}

export interface RunDuePorts {
  readonly schedules: ScheduleStore;
  readonly notify: Notify;
  readonly cron: Cron;
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
