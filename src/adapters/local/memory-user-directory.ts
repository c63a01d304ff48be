import type { UserId } from '../../domain/ids.ts';
import type { Profile, User } from '../../domain/user.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';

export class MemoryUserDirectory implements UserDirectory {
  readonly #users = new Map<UserId, User>();

  async find(id: UserId): Promise<User | undefined> {
    return this.#users.get(id);
  }

  async save(id: UserId, profile: Profile, now: number): Promise<User> {
    const user = { ...profile, id, createdAt: this.#users.get(id)?.createdAt ?? now, updatedAt: now };
    this.#users.set(id, user);
    return user;
  }

  async list({
    after,
    limit,
  }: {
    readonly after?: UserId;
    readonly limit: number;
  }): Promise<readonly User[]> {
    return [...this.#users.values()]
      .filter(({ id }) => after === undefined || id > after)
      .sort(({ id: one }, { id: other }) => (one < other ? -1 : 1))
      .slice(0, limit);
  }

  async erase(id: UserId): Promise<void> {
    this.#users.delete(id);
  }
}
