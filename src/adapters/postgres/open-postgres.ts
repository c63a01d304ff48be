import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Logger } from '../../ports/logger.ts';
import type { Tables } from './schema.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database?sslmode=verify-full` */
  readonly url: string;
  /** Connections at a time. */
  readonly poolSize: number;
  readonly logger: Logger;
}

/** A query that takes longer is ended by the server; one that the server never answers, by us. */
const STATEMENT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 7_000;
const CONNECT_TIMEOUT_MS = 3_000;

/** A pool of connections, which are made when they are needed. */
export const openPostgres = ({ url, poolSize, logger }: PostgresOptions): Kysely<Tables> => {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'fanfare',
    types: {
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
    },
  });
  // A connection that is lost between two queries tells nobody but these: the pool of one that is idle, and the client of
  // one amid a transaction. Whoever asks next is refused, and the pool makes another.
  const lost = (error: Error): void => logger.warn('postgres.connection-lost', { cause: error.message });
  pool.on('error', lost);
  pool.on('connect', client => client.on('error', lost));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
};
