import type { PushTask } from '../domain/push-task.ts';

/** Takes on work for phones. It is begun at least once, and not before it is due. */
export interface PushQueue {
  /**
   * Resolves once every task is safe. One whose id is there already is the same work and is not taken on again; a
   * platform that cannot tell takes it on twice.
   *
   * @throws FanfareError `unavailable` when it could not take them all, `invalid` for one that is due later than the
   *   platform can wait (SQS: 15 minutes)
   */
  enqueue(tasks: readonly PushTask[]): Promise<void>;
}
