import type { PushTask, Settled } from '../push-task.ts';
import type { DecidePush } from './decide-push.ts';
import type { SendDigest } from './send-digest.ts';
import type { SendPush } from './send-push.ts';
import type { WithdrawPush } from './withdraw-push.ts';

/** Does one task for phones, whatever kind it is. */
export class RunPushTask {
  readonly #ports: RunPushTaskPorts;

  constructor(ports: RunPushTaskPorts) {
    this.#ports = ports;
  }

  /** Safe to repeat. @throws what may be otherwise when it is tried again */
  execute(task: PushTask): Promise<Settled> {
    const { decidePush, sendDigest, sendPush, withdrawPush } = this.#ports;
    switch (task.kind) {
      case 'decide':
        return decidePush.execute(task);
      case 'digest':
        return sendDigest.execute(task);
      case 'send':
        return sendPush.execute(task);
      case 'withdraw':
        return withdrawPush.execute(task);
    }
  }
}

export interface RunPushTaskPorts {
  readonly decidePush: DecidePush;
  readonly sendDigest: SendDigest;
  readonly sendPush: SendPush;
  readonly withdrawPush: WithdrawPush;
}
