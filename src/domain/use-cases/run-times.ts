import type { Cron } from '../../ports/cron.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';
import type { Channel } from '../channel.ts';
import { userOf } from '../channel.ts';
import type { NotificationRequest } from '../notification.ts';
import type { Schedule, Timing } from '../schedule.ts';
import { DEFAULT_TIME_ZONE, USER_TIME_ZONE } from '../schedule.ts';

type Planned = Pick<Schedule, 'timing' | 'request'>;

/** When the runs of schedules are, and who is told by each. */
export class RunTimes {
  readonly #ports: RunTimesPorts;

  constructor(ports: RunTimesPorts) {
    this.#ports = ports;
  }

  /**
   * The first run after a time; nothing when there are no more. One by the clocks of its users runs whenever it is time
   * where one of them is.
   *
   * @param after ms since 1970
   * @throws FanfareError `invalid` for a pattern or a time zone that is none
   */
  async next(planned: Planned, after: number): Promise<number | undefined> {
    return (await this.following(planned, after, 1))[0];
  }

  /** At the most so many runs after a time. @throws as `next` does */
  async following({ timing, request }: Planned, after: number, count: number): Promise<readonly number[]> {
    if (timing.kind === 'once') return timing.at > after ? [timing.at] : [];
    const zones = new Set((await this.#zones(timing, request.to)).values());
    const runs: number[] = [];
    while (runs.length < count) {
      const next = this.#first(timing.pattern, zones, runs.at(-1) ?? after);
      if (next === undefined) break;
      runs.push(next);
    }
    return runs;
  }

  /**
   * What is to be sent by a run, to whom it is time for; by one that was missed, to whom it was time for meanwhile.
   *
   * @param runAt when it was to be
   * @param until `runAt`, or now where it was missed
   * @returns nothing where it is time for nobody, as when they have moved
   */
  async requestOf(
    { timing, request }: Planned,
    runAt: number,
    until: number,
  ): Promise<NotificationRequest | undefined> {
    if (timing.kind === 'once' || timing.timeZone !== USER_TIME_ZONE) return request;
    const zones = await this.#zones(timing, request.to);
    const isTime = (channel: Channel): boolean => {
      const zone = zones.get(channel) ?? DEFAULT_TIME_ZONE;
      return (this.#ports.cron.next(timing.pattern, zone, runAt - 1) ?? Number.POSITIVE_INFINITY) <= until;
    };
    const to = request.to.filter(isTime);
    return to.length === 0 ? undefined : { ...request, to };
  }

  #first(pattern: string, zones: Iterable<string>, after: number): number | undefined {
    let first: number | undefined;
    for (const zone of zones) {
      const run = this.#ports.cron.next(pattern, zone, after);
      if (run !== undefined && run < (first ?? Number.POSITIVE_INFINITY)) first = run;
    }
    return first;
  }

  /** The time zone of each target. */
  async #zones(
    { timeZone }: Extract<Timing, { kind: 'cron' }>,
    to: readonly Channel[],
  ): Promise<ReadonlyMap<Channel, string>> {
    if (timeZone !== USER_TIME_ZONE) return new Map(to.map(channel => [channel, timeZone]));
    const zoneOf = async (channel: Channel): Promise<readonly [Channel, string]> => {
      const user = userOf(channel);
      const found = user && (await this.#ports.users.find(user));
      return [channel, found?.timeZone ?? DEFAULT_TIME_ZONE];
    };
    return new Map(await Promise.all(to.map(zoneOf)));
  }
}

export interface RunTimesPorts {
  readonly cron: Cron;
  readonly users: Pick<UserDirectory, 'find'>;
}
