import type { CapCounter } from '../../ports/cap-counter.ts';
import type { DeliveryLog } from '../../ports/delivery-log.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { LockScreenStore } from '../../ports/lock-screen-store.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { PreferenceStore } from '../../ports/preference-store.ts';
import type { PushTaskStore } from '../../ports/push-task-store.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';
import { userChannel } from '../channel.ts';
import type { Identity } from '../identity.ts';
import { requireUser } from '../identity.ts';
import type { UserId } from '../ids.ts';

/** Schedules deleted in one go. */
const PAGE = 100;

/** Forgets a person: who they are, what they wish, what they were sent and did about it, where they were reached, what they have planned. */
export class EraseUser {
  readonly #ports: EraseUserPorts;

  constructor(ports: EraseUserPorts) {
    this.#ports = ports;
  }

  /**
   * Doing it again finishes what was begun. What a person said in channels that they share stays there.
   *
   * @throws FanfareError `forbidden` for whoever is neither the user nor an admin
   */
  async execute(identity: Identity, user: UserId): Promise<void> {
    requireUser(identity, user);
    const { schedules, tasks, devices, lockScreens, caps, inbox, store, users, preferences, log } =
      this.#ports;
    // First what would write more.
    for (let left = true; left; ) {
      const page = await schedules.list({ owner: user, limit: PAGE });
      for (const { id } of page) await schedules.delete(id);
      left = page.length === PAGE;
    }
    await devices.erase(user);
    await tasks.erase(user);
    await lockScreens.erase(user);
    await caps.erase(user);
    await store.erase(userChannel(user));
    await inbox.erase(user);
    await log.erase(user);
    await preferences.erase(user);
    await users.erase(user);
  }
}

export interface EraseUserPorts {
  readonly schedules: ScheduleStore;
  readonly devices: DeviceStore;
  readonly tasks: PushTaskStore;
  readonly lockScreens: LockScreenStore;
  readonly caps: CapCounter;
  readonly inbox: InboxStore;
  readonly store: MessageStore;
  readonly log: DeliveryLog;
  readonly preferences: PreferenceStore;
  readonly users: UserDirectory;
}
