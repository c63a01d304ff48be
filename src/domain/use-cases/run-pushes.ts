import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { ClaimedTask, PushTaskStore } from '../../ports/push-task-store.ts';
import { causeOf } from '../errors.ts';
import type { Settled } from '../push-task.ts';
import type { RunPushTask } from './run-push-task.ts';

/** Tasks under way; one whose device does not answer takes up one place, and holds nobody else. */
const AT_ONCE = 64;
/** Longer than any task takes. */
const LEASE_MS = 60_000;
/** A task that so many times came to no end is nobody's device's fault. */
const MAX_CLAIMS = 10;

/** Works off what is due for phones. */
export class RunPushes {
  readonly #ports: RunPushesPorts;
  readonly #underWay = new Set<Promise<void>>();

  constructor(ports: RunPushesPorts) {
    this.#ports = ports;
  }

  /**
   * Resolves when nothing is left that is due and not under way.
   *
   * @param mayBegin asked before more is begun, for who has no time left for it
   * @returns how many were begun
   */
  async execute(mayBegin: () => boolean = () => true): Promise<number> {
    const { tasks, clock } = this.#ports;
    for (let begun = 0; ; ) {
      while (this.#underWay.size >= AT_ONCE) await Promise.race(this.#underWay);
      if (!mayBegin()) return begun;
      const claimed = await tasks.claim(clock.now(), AT_ONCE - this.#underWay.size, LEASE_MS);
      if (claimed.length === 0) return begun;
      for (const one of claimed) this.#begin(one);
      begun += claimed.length;
    }
  }

  /** Resolves when nothing is under way any more. */
  async drain(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #begin(claimed: ClaimedTask): void {
    const running = this.#run(claimed).finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  /** What fails stays claimed, and is done again when its lease is over. */
  async #run(claimed: ClaimedTask): Promise<void> {
    const { tasks, clock, logger, metrics } = this.#ports;
    const { task, claims } = claimed;
    try {
      await tasks.settle(claimed, await this.#outcome(claimed), clock.now());
    } catch (error) {
      metrics.count('failures_total', { where: 'pushes' });
      logger.error('push.failed', { task: task.id, claims, cause: causeOf(error) });
    }
  }

  async #outcome({ task, claims }: ClaimedTask): Promise<Settled> {
    const { runPushTask, logger } = this.#ports;
    if (claims <= MAX_CLAIMS) return runPushTask.execute(task);
    const deadLetter = `it was tried ${MAX_CLAIMS} times and came to no end`;
    logger.error('push.dead-lettered', { task: task.id, cause: deadLetter });
    return { next: [], deadLetter };
  }
}

export interface RunPushesPorts {
  readonly tasks: PushTaskStore;
  readonly runPushTask: RunPushTask;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
