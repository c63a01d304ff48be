import type { DeliveryLog } from '../../ports/delivery-log.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { InboxStore } from '../../ports/inbox-store.ts';
import type { MessageStore } from '../../ports/message-store.ts';
import type { PreferenceStore } from '../../ports/preference-store.ts';
import type { ScheduleStore } from '../../ports/schedule-store.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';
import { userChannel } from '../channel.ts';
import type { Device } from '../device.ts';
import type { Identity } from '../identity.ts';
import { requireUser } from '../identity.ts';
import type { UserId } from '../ids.ts';
import type { InboxItem } from '../inbox.ts';
import type { Message } from '../message.ts';
import type { Preferences } from '../preferences.ts';
import type { Schedule } from '../schedule.ts';
import type { TrailEntry } from '../trail.ts';
import type { User } from '../user.ts';

/** One thing that is kept of a person. */
export type Kept =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'preferences'; readonly preferences: Preferences }
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'inbox'; readonly entry: InboxItem }
  | { readonly kind: 'device'; readonly device: Device }
  | { readonly kind: 'schedule'; readonly schedule: Schedule }
  | { readonly kind: 'trail'; readonly entry: TrailEntry };

/** Read in one go. */
const PAGE = 100;

/** Gives a person all that is kept of them. */
export class ExportUser {
  readonly #ports: ExportUserPorts;

  constructor(ports: ExportUserPorts) {
    this.#ports = ports;
  }

  /**
   * One by one, so that it need not fit into memory.
   *
   * @throws FanfareError `forbidden` at once for whoever is neither the user nor an admin
   */
  execute(identity: Identity, user: UserId): AsyncGenerator<Kept> {
    requireUser(identity, user);
    return this.#all(user);
  }

  async *#all(user: UserId): AsyncGenerator<Kept> {
    yield* this.#said(user);
    yield* this.#messages(user);
    for (const filter of ['all', 'archived'] as const) yield* this.#entries(user, filter);
    for (const device of await this.#ports.devices.list(user)) yield { kind: 'device', device };
    yield* this.#schedules(user);
    yield* this.#trail(user);
  }

  async *#said(id: UserId): AsyncGenerator<Kept> {
    const [user, stored] = await Promise.all([this.#ports.users.find(id), this.#ports.preferences.find(id)]);
    if (user !== undefined) yield { kind: 'user', user };
    if (stored !== undefined) yield { kind: 'preferences', preferences: stored.preferences };
  }

  async *#messages(user: UserId): AsyncGenerator<Kept> {
    for (let after = 0, complete = false; !complete; ) {
      const page = await this.#ports.store.read(userChannel(user), { after, limit: PAGE });
      for (const message of page.messages) yield { kind: 'message', message };
      after = page.messages.at(-1)?.offset ?? after;
      complete = page.complete || page.messages.length === 0;
    }
  }

  async *#entries(user: UserId, filter: 'all' | 'archived'): AsyncGenerator<Kept> {
    let before: number | undefined;
    for (let complete = false; !complete; ) {
      const from = before === undefined ? {} : { before };
      const page = await this.#ports.inbox.list(user, { filter, limit: PAGE, ...from });
      for (const entry of page.items) yield { kind: 'inbox', entry };
      before = page.items.at(-1)?.offset;
      complete = page.complete || before === undefined;
    }
  }

  async *#trail(user: UserId): AsyncGenerator<Kept> {
    let cursor: string | undefined;
    do {
      const page = await this.#ports.log.allOf(user, { cursor, limit: PAGE });
      for (const entry of page.entries) yield { kind: 'trail', entry };
      cursor = page.next;
    } while (cursor !== undefined);
  }

  async *#schedules(owner: UserId): AsyncGenerator<Kept> {
    let page: readonly Schedule[] = [];
    do {
      const after = page.at(-1)?.id;
      page = await this.#ports.schedules.list({
        owner,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      for (const schedule of page) yield { kind: 'schedule', schedule };
    } while (page.length === PAGE);
  }
}

export interface ExportUserPorts {
  readonly log: DeliveryLog;
  readonly schedules: ScheduleStore;
  readonly devices: DeviceStore;
  readonly inbox: InboxStore;
  readonly store: MessageStore;
  readonly preferences: PreferenceStore;
  readonly users: UserDirectory;
}
