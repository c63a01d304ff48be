import type { Selectable } from 'kysely';
import type { UserId } from '../../domain/ids.ts';
import type { Profile, User } from '../../domain/user.ts';
import type { UserDirectory } from '../../ports/user-directory.ts';
import type { Database } from './database.ts';
import type { Tables } from './schema.ts';

export class PostgresUserDirectory implements UserDirectory {
  readonly #database: Database;

  constructor({ database }: { readonly database: Database }) {
    this.#database = database;
  }

  async find(id: UserId): Promise<User | undefined> {
    const row = await this.#database.run(db =>
      db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && toUser(row);
  }

  async save(id: UserId, { timeZone, locale, name }: Profile, now: number): Promise<User> {
    const said = {
      time_zone: timeZone ?? null,
      locale: locale ?? null,
      name: name ?? null,
      updated_at: now,
    };
    const row = await this.#database.run(db =>
      db
        .insertInto('person')
        .values({ ...said, id, created_at: now })
        .onConflict(conflict => conflict.column('id').doUpdateSet(said))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
    return toUser(row);
  }

  async list({
    after,
    limit,
  }: {
    readonly after?: UserId;
    readonly limit: number;
  }): Promise<readonly User[]> {
    const rows = await this.#database.run(db => {
      const page = db.selectFrom('person').selectAll().orderBy('id').limit(limit);
      return (after === undefined ? page : page.where('id', '>', after)).execute();
    });
    return rows.map(toUser);
  }

  async erase(id: UserId): Promise<void> {
    await this.#database.run(db => db.deleteFrom('person').where('id', '=', id).execute());
  }
}

const toUser = ({
  id,
  time_zone,
  locale,
  name,
  created_at,
  updated_at,
}: Selectable<Tables['person']>): User => ({
  id: id as UserId,
  ...(time_zone === null ? {} : { timeZone: time_zone }),
  ...(locale === null ? {} : { locale }),
  ...(name === null ? {} : { name }),
  createdAt: created_at,
  updatedAt: updated_at,
});
