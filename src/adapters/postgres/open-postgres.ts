import { Kysely, PostgresDialect } from 'kysely';
import type { PoolConfig } from 'pg';
import { Pool, types } from 'pg';
import type { Logger } from '../../ports/logger.ts';
import type { Tables } from './schema.ts';

interface Shared {
  /** Connections at a time. */
  readonly poolSize: number;
  readonly logger: Logger;
}

export interface PostgresOptions extends Shared {
  /** `postgres://user:password@host:port/database?sslmode=verify-full` */
  readonly url: string;
}

export interface SignedInOptions extends Shared {
  /** `postgres://host:port/database`; what else it says is not read. */
  readonly url: URL;
  readonly user: string;
  /** Asked for each new connection: a password that changes, or a token that is soon over. */
  readonly password: () => Promise<string>;
  /** The authorities, in PEM, that the server's certificate may be of; those that Node knows without it. */
  readonly ca?: string;
  /** For how long the server may not answer, where that is longer than requests wait: amid migrations. */
  readonly answerTimeoutMs?: number;
}

/** A query that takes longer is ended by the server; one that the server never answers, by us. */
export const STATEMENT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 7_000;
const CONNECT_TIMEOUT_MS = 3_000;

/** A pool of connections, which are made when they are needed. */
export const openPostgres = ({ url, ...shared }: PostgresOptions): Kysely<Tables> =>
  openPool({ connectionString: url, statement_timeout: STATEMENT_TIMEOUT_MS }, shared);

/**
 * The same by TLS alone, to a server that is who it says, and signed in anew for each connection. Made for RDS Proxy: it
 * sets nothing for a session and names no prepared statement, either of which would bind a connection of the database to
 * this one. So it is the role that has the timeout of its statements (`grantRows`).
 */
export const openSignedIn = ({
  url,
  user,
  password,
  ca,
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
  ...shared
}: SignedInOptions): Kysely<Tables> =>
  openPool(
    {
      host: url.hostname,
      port: Number(url.port || 5432),
      database: decodeURIComponent(url.pathname.slice(1)),
      user,
      password,
      query_timeout: answerTimeoutMs,
      ssl: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    },
    shared,
  );

const openPool = (config: PoolConfig, { poolSize, logger }: Shared): Kysely<Tables> => {
  const pool = new Pool({
    query_timeout: ANSWER_TIMEOUT_MS,
    ...config,
    max: poolSize,
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
