import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Tables } from './schema.ts';

/** Waits for the other transactions that took a turn of this name, until they end; those that come wait for this one. */
export const takeTurn = async (db: Transaction<Tables>, name: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
};
