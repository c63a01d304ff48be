import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { explain, isConflict } from './postgres-errors.ts';
import type { Tables } from './schema.ts';

export interface DatabaseOptions {
  readonly kysely: Kysely<Tables>;
  /** Where the tables are. */
  readonly schema: string;
}

/** Transactions that stood in each other's way are tried again so often. */
const TRIES = 5;
const FIRST_PAUSE_MS = 5;

/** A schema on PGlite or PostgreSQL; the one place where their errors become ours. */
export class Database {
  readonly schema: string;
  readonly kysely: Kysely<Tables>;

  constructor({ kysely, schema }: DatabaseOptions) {
    this.schema = schema;
    this.kysely = kysely.withSchema(schema);
  }

  /** @throws FanfareError `unavailable` when the database cannot answer now */
  async run<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    try {
      return await work(this.kysely);
    } catch (error) {
      throw explain(error);
    }
  }

  /**
   * All of the work or none of it. It may be run several times.
   *
   * @throws FanfareError `unavailable` when the database cannot answer now, or others kept winning
   */
  async transact<Result>(work: (db: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.kysely.transaction().execute(work);
      } catch (error) {
        if (!isConflict(error) || tries === TRIES) throw explain(error);
        await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
      }
    }
  }

  async close(): Promise<void> {
    await this.kysely.destroy();
  }
}
