import type { UserId } from '../../domain/ids.ts';
import type { Schedule, ScheduleId } from '../../domain/schedule.ts';
import type { ScheduleChange, ScheduleQuery, ScheduleStore } from '../../ports/schedule-store.ts';
import { DueHeap } from './due-heap.ts';

/** As it is now; once it is changed or deleted, what the heap has of it is out of date. */
interface Kept {
  readonly schedule: Schedule;
}

/** What is out of date in the heap goes when its time comes, or when there is so much of it. */
const MAX_STALE = 10_000;

export class MemoryScheduleStore implements ScheduleStore {
  readonly #kept = new Map<ScheduleId, Kept>();
  readonly #counts = new Map<UserId, number>();
  #due = new DueHeap<Kept>();

  async add(schedule: Schedule): Promise<void> {
    if (this.#kept.has(schedule.id)) return;
    this.#counts.set(schedule.owner, this.#countOf(schedule.owner) + 1);
    this.#keep(schedule);
  }

  async find(id: ScheduleId): Promise<Schedule | undefined> {
    return this.#kept.get(id)?.schedule;
  }

  async list({ owner, after, limit }: ScheduleQuery): Promise<readonly Schedule[]> {
    return [...this.#kept.values()]
      .map(({ schedule }) => schedule)
      .filter(({ id, owner: of }) => (owner ?? of) === of && (after === undefined || id > after))
      .sort(({ id: one }, { id: other }) => (one < other ? -1 : 1))
      .slice(0, limit);
  }

  async count(owner: UserId): Promise<number> {
    return this.#countOf(owner);
  }

  async due(now: number, limit: number): Promise<readonly Schedule[]> {
    const due: Kept[] = [];
    while (due.length < limit) {
      const kept = this.#due.takeDue(now);
      if (kept === undefined) break;
      if (this.#kept.get(kept.schedule.id) === kept) due.push(kept);
    }
    for (const kept of due) this.#plan(kept);
    return due.map(({ schedule }) => schedule);
  }

  async change({ id, state, nextRunAt }: Schedule, to: ScheduleChange): Promise<boolean> {
    const found = this.#kept.get(id)?.schedule;
    if (found === undefined || found.state !== state || found.nextRunAt !== nextRunAt) return false;
    const { nextRunAt: _, ...rest } = found;
    this.#keep({ ...rest, ...to });
    return true;
  }

  async delete(id: ScheduleId): Promise<boolean> {
    const found = this.#kept.get(id)?.schedule;
    if (found === undefined) return false;
    const left = this.#countOf(found.owner) - 1;
    if (left > 0) this.#counts.set(found.owner, left);
    else this.#counts.delete(found.owner);
    return this.#kept.delete(id);
  }

  #keep(schedule: Schedule): void {
    const kept = { schedule };
    this.#kept.set(schedule.id, kept);
    this.#plan(kept);
    if (this.#due.length > this.#kept.size + MAX_STALE) this.#tidy();
  }

  #plan(kept: Kept): void {
    const { nextRunAt } = kept.schedule;
    if (nextRunAt !== undefined) this.#due.push(kept, nextRunAt);
  }

  #tidy(): void {
    this.#due = new DueHeap();
    for (const kept of this.#kept.values()) this.#plan(kept);
  }

  #countOf(owner: UserId): number {
    return this.#counts.get(owner) ?? 0;
  }
}
