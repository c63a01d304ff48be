import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';

describe('PGlite behind Kysely', () => {
  let db: Awaited<ReturnType<typeof openPGlite>>;
  beforeAll(async () => {
    db = await openPGlite();
    await sql`create table word (id bigint primary key, texts text[], said boolean)`.execute(db);
  });
  afterAll(() => db.destroy());

  const insert = (id: number) => sql`insert into word (id) values (${id})`;
  const ids = async (): Promise<readonly number[]> => {
    const { rows } = await sql<{ id: number }>`select id from word order by id`.execute(db);
    return rows.map(({ id }) => id);
  };

  test('gives values back as they were written', async () => {
    const texts = ['a "b"', 'c\\d', '{e,f}', '', 'null', 'ü\n'];
    const { numAffectedRows } = await sql`insert into word values (${1}, ${texts}, ${true})`.execute(db);
    expect(numAffectedRows).toBe(1n);
    const { rows } = await sql`select * from word where said = ${true}`.execute(db);
    expect(rows).toEqual([{ id: 1, texts, said: true }]);
    await sql`update word set texts = ${null}, said = ${undefined} where id = any(${[1]})`.execute(db);
    expect((await sql`select * from word`.execute(db)).rows).toEqual([{ id: 1, texts: null, said: null }]);
    expect((await sql`delete from word`.execute(db)).numAffectedRows).toBe(1n);
  });

  test('says with which SQLSTATE a statement failed, and goes on', async () => {
    await insert(2).execute(db);
    await expect(insert(2).execute(db)).rejects.toMatchObject({ code: '23505' });
    await expect(sql`select ${'x'}::bigint`.execute(db)).rejects.toMatchObject({ code: '22P02' });
    await expect(sql`select from nowhere`.execute(db)).rejects.toMatchObject({ code: '42P01' });
    await insert(3).execute(db);
    expect(await ids()).toEqual([2, 3]);
  });

  test('executes a statement whose table has changed since', async () => {
    const all = () => sql`select * from changing`.execute(db);
    await sql`create table changing (a bigint)`.execute(db);
    for (let times = 0; times < 7; times++) expect((await all()).rows).toEqual([]);
    await sql`alter table changing add column b bigint`.execute(db);
    await all().catch(() => undefined);
    await sql`insert into changing values (1, 2)`.execute(db);
    expect((await all()).rows).toEqual([{ a: 1, b: 2 }]);
  });

  test('a transaction is whole or not at all, and apart from what else is asked', async () => {
    const failing = db.transaction().execute(async transaction => {
      await insert(4).execute(transaction);
      await insert(4).execute(transaction);
    });
    const beside = insert(5).execute(db);
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    await beside;
    const given = db.transaction().execute(async transaction => {
      await insert(6).execute(transaction);
      await insert(6)
        .execute(transaction)
        .catch(() => undefined);
    });
    await expect(given).rejects.toThrow();
    expect(await ids()).toEqual([2, 3, 5]);
  });

  test('executes many different statements, and one again and again', async () => {
    for (let number = 0; number < 250; number++) {
      const { rows } = await sql`select ${sql.raw(String(number))}::bigint as number`.execute(db);
      expect(rows).toEqual([{ number }]);
    }
    for (let number = 0; number < 1_100; number++)
      expect((await sql`select ${number}::bigint as number`.execute(db)).rows).toEqual([{ number }]);
    const { rows } = await sql<{ kept: number }>`select count(*) as kept from pg_prepared_statements`.execute(
      db,
    );
    expect(rows[0]?.kept).toBeLessThanOrEqual(100);
  });
});
