import { FanfareError } from '../../domain/errors.ts';
import type { DeadPushTask, PushTask, Settled } from '../../domain/push-task.ts';
import type { ClaimedTask, PushTaskStore } from '../../ports/push-task-store.ts';
import { DueHeap } from './due-heap.ts';

export interface MemoryPushTaskStoreLimits {
  readonly maxTasks: number;
  /** Beyond so many, the oldest is forgotten. */
  readonly maxDeadLetters: number;
}

const DEFAULT_LIMITS: MemoryPushTaskStoreLimits = { maxTasks: 1_000_000, maxDeadLetters: 10_000 };

interface Kept {
  readonly task: PushTask;
  /** The task's own, or the end of its lease. */
  readonly dueAt: number;
  readonly claims: number;
}

/** What it holds is lost with the process. */
export class MemoryPushTaskStore implements PushTaskStore {
  readonly #limits: MemoryPushTaskStoreLimits;
  readonly #tasks = new Map<string, Kept>();
  /** Also holds what has been taken off since, or is due at another time; that counts for nothing. */
  readonly #due = new DueHeap<Kept>();
  #deadLetters: DeadPushTask[] = [];

  constructor(limits: Partial<MemoryPushTaskStoreLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  async enqueue(tasks: readonly PushTask[]): Promise<void> {
    if (this.#tasks.size + tasks.length > this.#limits.maxTasks)
      throw new FanfareError('unavailable', 'too many pushes are waiting', { retryAfterMs: 1_000 });
    for (const task of tasks) this.#add(task);
  }

  async claim(now: number, limit: number, leaseMs: number): Promise<readonly ClaimedTask[]> {
    const claimed: ClaimedTask[] = [];
    while (claimed.length < limit) {
      const due = this.#due.takeDue(now);
      if (due === undefined) break;
      const { task, claims } = due;
      if (this.#tasks.get(task.id) !== due) continue;
      const given = this.#put({ task, dueAt: now + leaseMs, claims: claims + 1 });
      claimed.push({ task, lease: leaseOf(given), claims: given.claims });
    }
    return claimed;
  }

  async settle({ task, lease }: ClaimedTask, { next, deadLetter }: Settled, now: number): Promise<boolean> {
    const kept = this.#tasks.get(task.id);
    if (kept === undefined || leaseOf(kept) !== lease) return false;
    this.#tasks.delete(task.id);
    if (deadLetter !== undefined) {
      this.#deadLetters.push({ task, cause: deadLetter, failedAt: now });
      this.#deadLetters = this.#deadLetters.slice(-this.#limits.maxDeadLetters);
    }
    for (const following of next) this.#add(following);
    return true;
  }

  async deadLetters(limit: number): Promise<readonly DeadPushTask[]> {
    return this.#deadLetters.slice(0, limit);
  }

  async redrive(limit: number, now: number): Promise<number> {
    const again = this.#deadLetters.slice(0, limit);
    this.#deadLetters = this.#deadLetters.slice(again.length);
    for (const { task } of again) this.#add({ ...task, attempt: 0, dueAt: now });
    return again.length;
  }

  async erase(user: PushTask['user']): Promise<void> {
    for (const [id, { task }] of this.#tasks) if (task.user === user) this.#tasks.delete(id);
    this.#deadLetters = this.#deadLetters.filter(({ task }) => task.user !== user);
  }

  #add(task: PushTask): void {
    if (!this.#tasks.has(task.id)) this.#put({ task, dueAt: task.dueAt, claims: 0 });
  }

  #put(kept: Kept): Kept {
    this.#tasks.set(kept.task.id, kept);
    this.#due.push(kept, kept.dueAt);
    return kept;
  }
}

/** No two leases of one task end at once, or are of one count. */
const leaseOf = ({ dueAt, claims }: Kept): string => `${claims}@${dueAt}`;
