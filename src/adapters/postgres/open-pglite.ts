import { PGlite, types } from '@electric-sql/pglite';
import { Kysely } from 'kysely';
import { OneCallDialect } from './pglite-driver.ts';
import type { Tables } from './schema.ts';

/** PostgreSQL within this process: in a folder, which no other process may have open, or in memory. */
export const openPGlite = async (folder?: string): Promise<Kysely<Tables>> => {
  const pglite = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    parsers: { [types.INT8]: Number },
  });
  return new Kysely<Tables>({ dialect: new OneCallDialect(pglite) });
};
