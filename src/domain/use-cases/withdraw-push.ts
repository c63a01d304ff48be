import type { Clock } from '../../ports/clock.ts';
import type { LockScreenStore } from '../../ports/lock-screen-store.ts';
import type { SendTask, Settled, WithdrawTask } from '../push-task.ts';
import { PUSH_LIFE_MS } from '../push-task.ts';

/** Takes back from phones what has been read elsewhere. */
export class WithdrawPush {
  readonly #ports: WithdrawPushPorts;

  constructor(ports: WithdrawPushPorts) {
    this.#ports = ports;
  }

  /** What a push tells of is taken back once all of it was read. Safe to repeat. */
  async execute({ id, user, messageIds }: WithdrawTask): Promise<Settled> {
    const { lockScreens, clock } = this.#ports;
    const now = clock.now();
    if (messageIds?.length !== 0) await lockScreens.read(user, messageIds);
    const standing = await lockScreens.list(user);
    const byDevice = Map.groupBy(
      standing.filter(({ read }) => read),
      ({ deviceId }) => deviceId,
    );
    const next = [...byDevice].map(
      ([deviceId, read]): SendTask => ({
        kind: 'send',
        id: `${id}/${deviceId}`,
        user,
        deviceId,
        push: { kind: 'withdraw', collapseIds: read.map(({ collapseId }) => collapseId), badge: 0 },
        messages: read.flatMap(({ messages }) => messages),
        sentAt: now,
        expiresAt: now + PUSH_LIFE_MS,
        dueAt: now,
        attempt: 0,
      }),
    );
    return { next };
  }
}

export interface WithdrawPushPorts {
  readonly lockScreens: LockScreenStore;
  readonly clock: Clock;
}
