import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { PGlite, Results } from '@electric-sql/pglite';
import { parse, protocol } from '@electric-sql/pglite';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { AbortedTransactionError, PGliteDialect } from 'kysely';
import { PreparedStatements } from './prepared-statements.ts';

/**
 * Kysely on PGlite, with a call for each statement, which is planned once and kept. PGlite's own `query` makes six calls and
 * plans anew each time, which is most of what a short statement takes.
 */
export class OneCallDialect extends PGliteDialect {
  readonly #pglite: PGlite;

  constructor(pglite: PGlite) {
    super({ pglite });
    this.#pglite = pglite;
  }

  override createDriver(): Driver {
    return new OneCallDriver(this.#pglite);
  }
}

/** Kysely lets nobody have the one connection while another has it, so that transactions are apart. */
class OneCallDriver implements Driver {
  readonly #pglite: PGlite;
  readonly #connection: OneCallConnection;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
    this.#connection = new OneCallConnection(pglite);
  }

  async init(): Promise<void> {
    await this.#pglite.waitReady;
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.execute('begin');
  }

  /** PostgreSQL answers so where a statement before has failed. */
  async commitTransaction(): Promise<void> {
    if ((await this.#connection.execute('commit')).command === 'ROLLBACK')
      throw new AbortedTransactionError();
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.execute('rollback');
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    if (!this.#pglite.closed) await this.#pglite.close();
  }
}

class OneCallConnection implements DatabaseConnection {
  readonly #pglite: PGlite;
  readonly #statements = new PreparedStatements();

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affectedRows = 0 } = await this.execute(sql, parameters);
    return { rows: rows as Row[], numAffectedRows: BigInt(affectedRows) };
  }

  // biome-ignore lint/correctness/useYield: an interface's; nothing here is read as a stream
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('PGlite has no streams');
  }

  /**
   * Once something has failed, the database does no more of a call than its `sync`. A call takes no turn of the event loop,
   * so it waits for one: whoever asks again and again shall not keep the server from everything else.
   *
   * @throws DatabaseError
   */
  async execute(text: string, parameters: readonly unknown[] = []): Promise<Results> {
    await endOfTurn();
    const { bind, describe, execute, sync } = protocol.serialize;
    const { name, prepare } = this.#statements.use(text);
    const values = parameters.map(asText);
    const call = [...prepare, bind({ statement: name, values }), describe({ type: 'P' }), execute(), sync()];
    try {
      const messages = await this.#pglite.execProtocolStream(Buffer.concat(call));
      return parse.parseResults(messages, this.#pglite.parsers)[0] as Results;
    } catch (error) {
      this.#statements.forget(text);
      throw error;
    }
  }
}

/** A value as PostgreSQL reads it, whatever its type; arrays are of texts. */
const asText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return String(value);
  return `{${value.map(text => `"${String(text).replaceAll(/["\\]/g, '\\$&')}"`).join()}}`;
};
