import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { PGliteVacuum } from '../../src/adapters/postgres/pglite-vacuum.ts';
import { until } from '../support/until.ts';

let database: Database;
beforeAll(async () => {
  database = new Database({ kysely: await openPGlite(), schema: 'fanfare' });
  await migrate(database);
});
afterAll(() => database.close());

const fill = (rows: number) =>
  sql`insert into fanfare.person (id, created_at, updated_at) select 'u' || n, 0, 0 from generate_series(1, ${rows}::int) n`.execute(
    database.kysely,
  );
const pages = async (): Promise<number> => {
  const { rows } = await sql<{
    bytes: number;
  }>`select pg_relation_size('fanfare.person') as bytes`.execute(database.kysely);
  return (rows[0]?.bytes ?? 0) / 8_192;
};
const changes = async (): Promise<{ readonly dead: number; readonly inserted: number }> => {
  const { rows } = await sql<{ dead: number; inserted: number }>`select n_dead_tup as dead,
    n_ins_since_vacuum as inserted from pg_stat_user_tables where relname = 'person'`.execute(
    database.kysely,
  );
  return rows[0] ?? { dead: 0, inserted: 0 };
};

// What changes, the database writes down in a while: hence the waiting.
describe('the vacuum of PGlite', () => {
  test('gives back the place of what was deleted', async () => {
    const vacuum = new PGliteVacuum(database);
    await fill(5_000);
    await sql`delete from fanfare.person`.execute(database.kysely);
    expect(await pages()).toBeGreaterThan(20);
    await until(async () => {
      await vacuum.sweep();
      return (await pages()) === 0;
    });
  });

  test('leaves alone what has hardly changed', async () => {
    const vacuum = new PGliteVacuum(database);
    await fill(5_000);
    await until(async () => (await changes()).inserted >= 5_000);
    await vacuum.sweep();
    expect(await changes()).toEqual({ dead: 0, inserted: 0 });
    await sql`delete from fanfare.person where id < 'u15'`.execute(database.kysely);
    await until(async () => (await changes()).dead > 0);
    const { dead } = await changes();
    await vacuum.sweep();
    expect(await changes()).toEqual({ dead, inserted: 0 });
  });
});
