import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import { logsAndInboxes } from './migrations/0001-logs-and-inboxes.ts';
import { schedules } from './migrations/0002-schedules.ts';
import { people } from './migrations/0003-people.ts';
import { devices } from './migrations/0004-devices.ts';
import { trail } from './migrations/0005-trail.ts';
import { pushes } from './migrations/0006-pushes.ts';
import { explain } from './postgres-errors.ts';
import type { Tables } from './schema.ts';

/** In the order in which they are executed. Never changed once released: another one is added. */
const MIGRATIONS: Readonly<Record<string, readonly string[]>> = {
  '0001-logs-and-inboxes': logsAndInboxes,
  '0002-schedules': schedules,
  '0003-people': people,
  '0004-devices': devices,
  '0005-trail': trail,
  '0006-pushes': pushes,
};

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

export interface MigrationStatus {
  readonly name: string;
  /** ISO 8601; absent while it is pending. */
  readonly executedAt?: string;
}

/** The schema is not one that this version can work with; the message says why. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Brings a schema up to date: one process at a time, each migration whole or not at all.
 *
 * @returns the names of those that were executed now
 * @throws SchemaError for a schema of a later version, or one whose migrations were others
 */
export const migrate = async (database: Database): Promise<readonly string[]> => {
  await requireKnown(database);
  const { error, results = [] } = await migratorOf(database).migrateToLatest();
  if (error !== undefined) throw explain(error);
  return results.map(({ migrationName }) => migrationName);
};

/** @throws SchemaError for a schema that is not the one of this version */
export const requireCurrent = async (database: Database): Promise<void> => {
  const pending = (await requireKnown(database)).filter(({ executedAt }) => executedAt === undefined);
  if (pending.length > 0)
    throw new SchemaError(
      `the schema ${database.schema} lacks ${pending.map(({ name }) => name).join(', ')}: run fanfare migrate up`,
    );
};

/** @throws SchemaError for a schema of a later version, or one whose migrations were others */
export const migrationStatus = (database: Database): Promise<readonly MigrationStatus[]> =>
  requireKnown(database);

const requireKnown = async (database: Database): Promise<readonly MigrationStatus[]> => {
  const executed = await readExecuted(database);
  for (const { name, sha256 } of executed) {
    const statements = MIGRATIONS[name];
    if (statements === undefined)
      throw new SchemaError(
        `the schema ${database.schema} has ${name}, of a later version of Fanfare than this one: upgrade`,
      );
    if (sha256 !== checksum(statements))
      throw new SchemaError(`in the schema ${database.schema}, ${name} was not what it is in this version`);
  }
  const times = new Map(executed.map(({ name, executedAt }) => [name, executedAt]));
  return Object.keys(MIGRATIONS).map(name => {
    const executedAt = times.get(name);
    return executedAt === undefined ? { name } : { name, executedAt };
  });
};

const readExecuted = ({ kysely }: Database) =>
  kysely
    .selectFrom('migration_checksum')
    .selectAll()
    .orderBy('name')
    .execute()
    .then(
      rows => rows.map(({ name, sha256, executed_at }) => ({ name, sha256, executedAt: executed_at })),
      (error: unknown) => {
        if (isUndefinedTable(error)) return [];
        throw explain(error);
      },
    );

const migratorOf = ({ kysely, schema }: Database): Migrator =>
  new Migrator({
    db: kysely,
    migrationTableSchema: schema,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(MIGRATIONS).map(([name, statements]) => [
            name,
            toMigration(schema, name, statements),
          ]),
        ),
    },
  });

const toMigration = (schema: string, name: string, statements: readonly string[]): Migration => ({
  up: async (db: Kysely<Tables>) => {
    await sql`set local search_path to ${sql.id(schema)}`.execute(db);
    await sql`create table if not exists migration_checksum
      (name text primary key, sha256 text not null, executed_at text not null)`.execute(db);
    for (const statement of statements) await sql.raw(statement).execute(db);
    const executed_at = new Date().toISOString();
    await db
      .insertInto('migration_checksum')
      .values({ name, sha256: checksum(statements), executed_at })
      .execute();
  },
});

const checksum = (statements: readonly string[]): string =>
  createHash('sha256').update(statements.join(';\n')).digest('hex');

/** SQLSTATE of a table or schema that is not there. */
const isUndefinedTable = (error: unknown): boolean =>
  ['42P01', '3F000'].includes(String((error as { code?: unknown }).code));
