import type { UserId } from '../../domain/ids.ts';
import type { Schedule, ScheduleId } from '../../domain/schedule.ts';
import type { ScheduleChange, ScheduleQuery, ScheduleStore } from '../../ports/schedule-store.ts';

export class MemoryScheduleStore implements ScheduleStore {
  readonly #schedules = new Map<ScheduleId, Schedule>();

  async add(schedule: Schedule): Promise<void> {
    if (!this.#schedules.has(schedule.id)) this.#schedules.set(schedule.id, schedule);
  }

  async find(id: ScheduleId): Promise<Schedule | undefined> {
    return this.#schedules.get(id);
  }

  async list({ owner, after, limit }: ScheduleQuery): Promise<readonly Schedule[]> {
    return [...this.#schedules.values()]
      .filter(({ id, owner: of }) => (owner ?? of) === of && (after === undefined || id > after))
      .sort(({ id: one }, { id: other }) => (one < other ? -1 : 1))
      .slice(0, limit);
  }

  async count(owner: UserId): Promise<number> {
    let count = 0;
    for (const schedule of this.#schedules.values()) if (schedule.owner === owner) count++;
    return count;
  }

  async due(now: number, limit: number): Promise<readonly Schedule[]> {
    const due: Schedule[] = [];
    for (const schedule of this.#schedules.values()) if (runOf(schedule) <= now) due.push(schedule);
    return due.sort((one, other) => runOf(one) - runOf(other)).slice(0, limit);
  }

  async change({ id, state, nextRunAt }: Schedule, to: ScheduleChange): Promise<boolean> {
    const found = this.#schedules.get(id);
    if (found === undefined || found.state !== state || found.nextRunAt !== nextRunAt) return false;
    const { nextRunAt: _, ...rest } = found;
    this.#schedules.set(id, { ...rest, ...to });
    return true;
  }

  async delete(id: ScheduleId): Promise<boolean> {
    return this.#schedules.delete(id);
  }
}

const runOf = ({ nextRunAt }: Schedule): number => nextRunAt ?? Number.POSITIVE_INFINITY;
