import { sql } from 'kysely';
import type { Database } from './database.ts';
import { STATEMENT_TIMEOUT_MS } from './open-postgres.ts';

/** A transaction that was left open holds its locks, and its connection, no longer. */
const IDLE_TIMEOUT_MS = 10_000;

/** Of RDS: whoever has it signs in by a token of IAM, and by nothing else. */
const IAM_ROLE = 'rds_iam';

/**
 * Makes a role, where there is none, that may read and write the rows of the schema and change nothing of the schema
 * itself. What a pool would otherwise set for each of its connections, the role has: no statement of it runs for long.
 */
export const grantRows = async ({ kysely, schema }: Database, role: string): Promise<void> => {
  const [to, tables] = [sql.id(role), sql.id(schema)];
  const hasRole = async (name: string): Promise<boolean> => {
    const { rows } = await sql`select from pg_roles where rolname = ${name}`.execute(kysely);
    return rows.length > 0;
  };
  if (!(await hasRole(role))) await sql`create role ${to} login`.execute(kysely);
  if (await hasRole(IAM_ROLE)) await sql`grant ${sql.id(IAM_ROLE)} to ${to}`.execute(kysely);
  const statements = [
    sql`alter role ${to} set statement_timeout = ${sql.lit(STATEMENT_TIMEOUT_MS)}`,
    sql`alter role ${to} set idle_in_transaction_session_timeout = ${sql.lit(IDLE_TIMEOUT_MS)}`,
    sql`grant usage on schema ${tables} to ${to}`,
    sql`grant select, insert, update, delete on all tables in schema ${tables} to ${to}`,
    sql`grant usage, select on all sequences in schema ${tables} to ${to}`,
  ];
  for (const statement of statements) await statement.execute(kysely);
};
