import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';

/**
 * A value by which an index has some rows only. It is written into the text: a prepared statement is planned for any values of
 * its parameters, and uses such an index only if it says so without one.
 */
export const indexCondition = <Value extends string | boolean>(value: Value): RawBuilder<Value> =>
  sql.lit(value);
