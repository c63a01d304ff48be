import type { Clock } from '../../ports/clock.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { PushQueue } from '../../ports/push-queue.ts';
import type { MessageId, UserId } from '../ids.ts';

/** Sees to it that phones show no longer what was read. */
export class PlanWithdrawal {
  readonly #ports: PlanWithdrawalPorts;

  constructor(ports: PlanWithdrawalPorts) {
    this.#ports = ports;
  }

  /**
   * @param messageIds what was read; all that is the user's, when absent
   * @throws FanfareError `unavailable` when it could not be seen to; doing it again is safe
   */
  async execute(user: UserId, messageIds?: readonly MessageId[]): Promise<void> {
    const { pushQueue, clock, ids } = this.#ports;
    await pushQueue.enqueue([
      {
        kind: 'withdraw',
        id: `withdraw/${ids.next()}`,
        user,
        dueAt: clock.now(),
        attempt: 0,
        ...(messageIds === undefined ? {} : { messageIds }),
      },
    ]);
  }
}

export interface PlanWithdrawalPorts {
  readonly pushQueue: PushQueue;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}
