import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Database } from '../../src/adapters/postgres/database.ts';
import { grantRows } from '../../src/adapters/postgres/grant-rows.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openSignedIn } from '../../src/adapters/postgres/open-postgres.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import { SilentLogger } from '../support/fakes.ts';
import type { TlsPostgres } from '../support/tls-postgres.ts';
import { startTlsPostgres } from '../support/tls-postgres.ts';

const unavailable = unlessRequired(await whyNoContainers());
const SCHEMA = 'fanfare';
const APP = { user: 'fanfare_app', password: 'the token of this minute' };

describe('A pool that signs in', () => {
  beforeEach(context => {
    if (unavailable !== undefined) context.skip(unavailable);
  });

  let postgres: TlsPostgres;
  const opened: Database[] = [];

  beforeAll(async () => {
    if (unavailable === undefined) postgres = await startTlsPostgres();
  }, 120_000);
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(database => database.close()));
  });
  afterAll(() => postgres?.container.stop({ timeout: 0 }));

  const open = (options: { user: string; password: () => Promise<string>; ca?: string }): Database => {
    const kysely = openSignedIn({
      url: postgres.url,
      poolSize: 2,
      logger: new SilentLogger(),
      ...options,
    });
    const database = new Database({ kysely, schema: SCHEMA });
    opened.push(database);
    return database;
  };
  const asOwner = (): Database => {
    const { container, ca } = postgres;
    return open({ user: container.getUsername(), password: async () => container.getPassword(), ca });
  };
  const select = (database: Database) =>
    database.run(db => sql<{ readonly one: number }>`select ${1}::int as one`.execute(db));

  test('takes a server whose certificate is of an authority that it was given', async () => {
    const { rows } = await select(asOwner());

    expect(rows).toEqual([{ one: 1 }]);
  });

  test('talks to it by TLS', async () => {
    const { rows } = await asOwner().run(db =>
      sql<{ readonly ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(db),
    );

    expect(rows).toEqual([{ ssl: true }]);
  });

  test('refuses a server whose authority it does not know, and says so', async () => {
    let asked = 0;
    const password = async (): Promise<string> => {
      asked += 1;
      return postgres.container.getPassword();
    };
    const database = open({ user: postgres.container.getUsername(), password });

    await expect(select(database)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(
        /^the database's certificate cannot be trusted: self-signed certificate/,
      ),
    });
    expect(asked).toBe(0);
  });

  test('asks for a password for each connection that it makes, and for no other', async () => {
    const passwords: string[] = [];
    const { container, ca } = postgres;
    const password = async (): Promise<string> => {
      passwords.push(container.getPassword());
      return container.getPassword();
    };
    const database = open({ user: container.getUsername(), password, ca });
    const wait = () => database.run(db => sql`select pg_sleep(0.2)`.execute(db));

    await Promise.all([wait(), wait(), wait(), wait()]);
    await select(database);

    expect(passwords).toHaveLength(2);
  });

  test('leaves nothing behind in its session that would bind it to one connection of a proxy', async () => {
    const database = asOwner();
    await select(database);
    const { rows } = await database.run(db =>
      sql<{ readonly prepared: number; readonly timeout: string }>`
        select count(*)::int as prepared, current_setting('statement_timeout') as timeout
        from pg_prepared_statements`.execute(db),
    );

    expect(rows).toEqual([{ prepared: 0, timeout: '0' }]);
  });

  describe('as the role that functions have', () => {
    let app: () => Database;

    beforeAll(async () => {
      if (unavailable !== undefined) return;
      const owner = asOwner();
      await migrate(owner);
      await grantRows(owner, APP.user);
      await grantRows(owner, APP.user);
      await sql`alter role ${sql.id(APP.user)} password ${sql.lit(APP.password)}`.execute(owner.kysely);
      app = () => open({ user: APP.user, password: async () => APP.password, ca: postgres.ca });
    });

    test('reads and writes rows', async () => {
      const database = app();
      await database.kysely
        .insertInto('schedule')
        .values({
          id: 'sch_1',
          owner: 'alice',
          owner_is_admin: false,
          timing: '{}',
          missed_runs: 'skip',
          request: '{}',
          state: 'paused',
          next_run_at: null,
          created_at: 1,
        })
        .execute();
      const { numDeletedRows } = await database.kysely.deleteFrom('schedule').executeTakeFirstOrThrow();

      expect(numDeletedRows).toBe(1n);
    });

    test.each(['create table fanfare.mine (id int)', 'drop table fanfare.schedule'])(
      'may not: %s',
      async statement => {
        await expect(app().run(db => sql.raw(statement).execute(db))).rejects.toThrow(
          /permission denied|must be owner/,
        );
      },
    );

    test('has statements ended by the server that run for longer than requests wait', async () => {
      const { rows } = await app().run(db =>
        sql<{ readonly timeout: string }>`select current_setting('statement_timeout') as timeout`.execute(db),
      );

      expect(rows).toEqual([{ timeout: '5s' }]);
    });
  });
});
