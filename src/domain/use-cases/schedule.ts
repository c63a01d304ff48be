import type { Clock } from '../../ports/clock.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import { userOf } from '../channel.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import type { NotificationRequest } from '../notification.ts';
import type { MissedRuns, Schedule as Scheduled, Timing } from '../schedule.ts';
import { MAX_SCHEDULES, scheduleId, USER_TIME_ZONE } from '../schedule.ts';
import { requireMayNotify } from './notify.ts';
import type { RunTimes } from './run-times.ts';

export interface ScheduleCommand {
  readonly identity: Identity;
  readonly request: NotificationRequest;
  readonly timing: Timing;
  readonly missedRuns: MissedRuns;
}

/** Accepts a notification for later: once, or again and again. */
export class Schedule {
  readonly #ports: SchedulePorts;

  constructor(ports: SchedulePorts) {
    this.#ports = ports;
  }

  /**
   * @throws FanfareError `forbidden` for another's channel without `admin`; `invalid` for a time that is past, a pattern
   *   that is none or never comes, an unknown time zone, that of users for what is no user; `limit-exceeded` when the user has too many
   */
  async execute({ identity, request, timing, missedRuns }: ScheduleCommand): Promise<Scheduled> {
    const { schedules, times, clock, ids } = this.#ports;
    requireMayNotify(identity, request.to);
    requireUsersOf(request, timing);
    const now = clock.now();
    const nextRunAt = (await times.next({ timing, request }, now)) ?? refuseTiming(timing);
    requireStillOf(request, timing);
    if ((await schedules.count(identity.user)) >= MAX_SCHEDULES)
      throw new FanfareError('limit-exceeded', `a user can have ${MAX_SCHEDULES} schedules`);
    const schedule: Scheduled = {
      id: scheduleId(`sch_${ids.next()}`),
      owner: identity.user,
      ownerIsAdmin: identity.admin,
      timing,
      missedRuns,
      request,
      state: 'active',
      nextRunAt,
      createdAt: now,
    };
    await schedules.add(schedule);
    return schedule;
  }
}

export interface SchedulePorts {
  readonly schedules: ScheduleStore;
  readonly times: RunTimes;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

const refuseTiming = ({ kind }: Timing): never => {
  if (kind === 'once')
    throw new FanfareError('invalid', 'expected a time in the future', { field: 'deliverAt' });
  throw new FanfareError('invalid', 'expected a pattern that comes some day', { field: 'cron' });
};

/** Of a room or a topic nobody knows where it is. */
const requireUsersOf = ({ to }: NotificationRequest, timing: Timing): void => {
  if (timing.kind === 'once' || timing.timeZone !== USER_TIME_ZONE) return;
  const other = to.findIndex(channel => userOf(channel) === undefined);
  if (other === -1) return;
  throw new FanfareError('invalid', `expected users alone with the time zone ${USER_TIME_ZONE}`, {
    field: `notification.to[${other}]`,
  });
};

const requireStillOf = ({ expiresAt }: NotificationRequest, timing: Timing): void => {
  if (expiresAt === undefined || (timing.kind === 'once' && expiresAt > timing.at)) return;
  const expected = timing.kind === 'once' ? 'a time after deliverAt' : 'no such member beside cron';
  throw new FanfareError('invalid', `expected ${expected}`, { field: 'notification.expiresAt' });
};
