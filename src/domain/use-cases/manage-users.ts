import type { Clock } from '../../ports/clock.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { requireAdmin, requireUser } from '../identity.ts';
import type { UserId } from '../ids.ts';
import type { Profile, User } from '../user.ts';

/** Everyone sees and changes what is known of themselves, an admin of all. */
export class ManageUsers {
  readonly #ports: ManageUsersPorts;

  constructor(ports: ManageUsersPorts) {
    this.#ports = ports;
  }

  /** @throws FanfareError `forbidden` for another, `not-found` for someone of whom nothing was said */
  async find(identity: Identity, id: UserId): Promise<User> {
    requireUser(identity, id);
    const user = await this.#ports.users.find(id);
    if (user !== undefined) return user;
    throw new FanfareError('not-found', `nothing is known of ${id}`, { field: 'id' });
  }

  /** Replaces what was known. @throws FanfareError `forbidden` for another */
  async save(identity: Identity, id: UserId, profile: Profile): Promise<User> {
    requireUser(identity, id);
    return this.#ports.users.save(id, profile, this.#ports.clock.now());
  }

  /** In the order of ids. @throws FanfareError `forbidden` for all but admins */
  async list(
    identity: Identity,
    page: { readonly after?: UserId; readonly limit: number },
  ): Promise<readonly User[]> {
    requireAdmin(identity);
    return this.#ports.users.list(page);
  }
}

export interface ManageUsersPorts {
  readonly users: UserDirectory;
  readonly clock: Clock;
}
