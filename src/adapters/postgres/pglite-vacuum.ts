import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { Swept } from './sweeper.ts';

/** As PostgreSQL's own daemon does by default, but for small tables, which are not worth the while. */
const AT_LEAST = 1_000;
const SHARE = 0.2;

/**
 * What autovacuum does on a server, and nobody in PGlite: without it the place of what was deleted is never used again,
 * and the planner never learns how large tables are.
 */
export class PGliteVacuum implements Swept {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Vacuums what has changed by more than a fifth since the last time. @returns 0: there is nothing left to do */
  async sweep(): Promise<number> {
    const { schema } = this.#database;
    const { rows } = await this.#database.run(db =>
      sql<{ name: string }>`select relname as name from pg_stat_user_tables where schemaname = ${schema} and
        greatest(n_dead_tup, n_ins_since_vacuum) > ${AT_LEAST}::float8 + ${SHARE}::float8 * n_live_tup`.execute(
        db,
      ),
    );
    for (const { name } of rows)
      await this.#database.run(db => sql`vacuum (analyze) ${sql.table(`${schema}.${name}`)}`.execute(db));
    return 0;
  }
}
