import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { PostgresDeliveryLog } from '../../src/adapters/postgres/postgres-delivery-log.ts';
import { PostgresInboxStore } from '../../src/adapters/postgres/postgres-inbox-store.ts';
import { PostgresScheduleStore } from '../../src/adapters/postgres/postgres-schedule-store.ts';
import type { Tables } from '../../src/adapters/postgres/schema.ts';
import { userId } from '../../src/domain/ids.ts';
import { until } from '../support/until.ts';

const ALICE = userId('user1');

/** 5,000 rows of 100 users, of which few are in the index. */
const FILLED = [
  `insert into inbox_entry (user_id, message_id, position, sent_at, notification, read)
    select 'user' || n % 100, 'm' || n, n, 1, '{}', n > 300 from generate_series(1, 5000) n`,
  `insert into trail_entry (notification_id, user_id, key, at, kind, event)
    select 'n' || n, case when n > 2500 then '' else 'user' || n % 100 end, 'k', n, 'received',
      '{"kind":"received","from":"shop","channel":"user:a","priority":"normal"}' from generate_series(1, 5000) n`,
  `insert into schedule (id, owner, owner_is_admin, timing, missed_runs, request, state, next_run_at, created_at)
    select 's' || n, 'shop', true, '{}', 'skip', '{}', case when n > 100 then 'paused' else 'active' end, n, 1
    from generate_series(1, 5000) n`,
];

describe('A plan that is kept', () => {
  let db: Kysely<Tables>;
  let database: Database;
  beforeAll(async () => {
    db = await openPGlite();
    database = new Database({ kysely: db, schema: 'fanfare' });
    await migrate(database);
    for (const statement of ['set search_path = fanfare', ...FILLED, 'analyze'])
      await sql.raw(statement).execute(db);
    await sql`set plan_cache_mode = force_generic_plan`.execute(db);
  });
  afterAll(() => database.close());

  const scans = async (index: string): Promise<number> => {
    const { rows } = await sql<{ scans: number }>`select idx_scan as scans from pg_stat_user_indexes
      where indexrelname = ${index}`.execute(db);
    return rows[0]?.scans ?? 0;
  };
  const parts = () => ({ database, clock: new ManualClock(10) });

  test.each([
    ['inbox_entry_unread', () => new PostgresInboxStore(parts()).list(ALICE, { filter: 'all', limit: 0 })],
    ['trail_entry_user', () => new PostgresDeliveryLog(parts()).ofUser(ALICE, { limit: 20 })],
    ['schedule_due', () => new PostgresScheduleStore({ database }).due(50, 10)],
  ])('reads the index of some rows: %s', async (index, read) => {
    const before = await scans(index);
    // What is read, the database writes down in a while.
    await until(async () => {
      await read();
      return (await scans(index)) > before;
    });
    expect(await scans(index)).toBeGreaterThan(before);
  });
});
