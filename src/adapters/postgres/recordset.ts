import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';

type ListedRow = Readonly<Record<string, string | number | boolean>>;

/** What a value is read as; numbers are whole ones. */
const TYPES = { string: 'text', number: 'bigint', boolean: 'boolean' } as const;

/** Numbers of rows that statements are planned for. */
const PLANNED_FOR = [1, 8, 64, 512];

/**
 * Rows of one shape, at least one, as a table of that name. The limit takes nothing away: it tells the planner how many
 * there are, which a function does not, and in few steps, so that the statement's text is seldom another.
 */
export const recordset = (name: string, rows: readonly ListedRow[]): RawBuilder<unknown> => {
  const columns = Object.entries(rows[0] ?? {}).map(
    ([column, value]) => sql`${sql.id(column)} ${sql.raw(TYPES[typeof value as keyof typeof TYPES])}`,
  );
  const limit = PLANNED_FOR.find(planned => planned >= rows.length) ?? Number.MAX_SAFE_INTEGER;
  return sql`(
    select * from json_to_recordset(${JSON.stringify(rows)}::json) as listed (${sql.join(columns)})
    limit ${sql.raw(String(limit))}
  ) as ${sql.id(name)}`;
};

/** To be compared with: any of them, in a statement whose text is the same however many there are. */
export const anyOf = (values: readonly string[]): RawBuilder<string> =>
  sql`any(${[...new Set(values)]}::text[])`;
