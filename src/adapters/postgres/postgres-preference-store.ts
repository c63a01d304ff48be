import type { UserId } from '../../domain/ids.ts';
import type { Preferences } from '../../domain/preferences.ts';
import type { PreferenceStore, StoredPreferences } from '../../ports/preference-store.ts';
import type { Database } from './database.ts';
import { anyOf } from './recordset.ts';
import { statementBatcher } from './statement-batcher.ts';

export class PostgresPreferenceStore implements PreferenceStore {
  readonly #database: Database;
  readonly #finds = statementBatcher({ work: (users: readonly UserId[]) => this.#find(users) });

  constructor({ database }: { readonly database: Database }) {
    this.#database = database;
  }

  find(user: UserId): Promise<StoredPreferences | undefined> {
    return this.#finds.ask(user);
  }

  async #find(users: readonly UserId[]): Promise<readonly (StoredPreferences | undefined)[]> {
    const rows = await this.#database.run(db =>
      db.selectFrom('preference').selectAll().where('user_id', '=', anyOf(users)).execute(),
    );
    const found = new Map(rows.map(row => [row.user_id, row]));
    return users.map(user => {
      const row = found.get(user);
      return row && { preferences: row.preferences as Preferences, version: row.version };
    });
  }

  async save(
    user: UserId,
    preferences: Preferences,
    ifVersion?: number,
  ): Promise<{ readonly version: number } | 'changed'> {
    const text = JSON.stringify(preferences);
    const saved = await (ifVersion === undefined || ifVersion === 0
      ? this.#upsert(user, text, ifVersion)
      : this.#update(user, text, ifVersion));
    return saved ?? 'changed';
  }

  async erase(user: UserId): Promise<void> {
    await this.#database.run(db => db.deleteFrom('preference').where('user_id', '=', user).execute());
  }

  /** With version 0, only where there is none. */
  #upsert(user: UserId, preferences: string, ifVersion: 0 | undefined) {
    return this.#database.run(db =>
      db
        .insertInto('preference')
        .values({ user_id: user, preferences, version: 1 })
        .onConflict(conflict =>
          ifVersion === 0
            ? conflict.doNothing()
            : conflict
                .column('user_id')
                .doUpdateSet(eb => ({ preferences, version: eb('preference.version', '+', 1) })),
        )
        .returning('version')
        .executeTakeFirst(),
    );
  }

  #update(user: UserId, preferences: string, ifVersion: number) {
    return this.#database.run(db =>
      db
        .updateTable('preference')
        .set({ preferences, version: ifVersion + 1 })
        .where('user_id', '=', user)
        .where('version', '=', ifVersion)
        .returning('version')
        .executeTakeFirst(),
    );
  }
}
