/** `node bench/trail/run.ts`: how long it takes to find something in a large trail. What it measures: ../README.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { PinoLogger } from '../../src/adapters/pino/pino-logger.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.ts';
import { PostgresDeliveryLog } from '../../src/adapters/postgres/postgres-delivery-log.ts';
import type { Tables } from '../../src/adapters/postgres/schema.ts';
import { SystemClock } from '../../src/adapters/system/system-clock.ts';
import { notificationId } from '../../src/domain/ids.ts';
import { describeMachine } from '../machine.ts';
import { inWords, plansOf } from './plans.ts';
import { story, userOf } from './story.ts';

const { values: options } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });

const QUERIES = 500;
const PAGE = 20;
/** How far down the deep page is. */
const DEEP = 9;
/** Appends under way at a time while it is filled. */
const AT_ONCE = 8;
const APPENDED = 200;

const clock = new SystemClock();
const began = clock.now();

const NOTIFICATIONS = Math.floor(Number(options.rows) / story(0, began).length);

const fill = async (log: PostgresDeliveryLog): Promise<number> => {
  const start = performance.now();
  let next = 0;
  const fillOn = async (): Promise<void> => {
    while (next < NOTIFICATIONS) {
      const from = next;
      next = Math.min(NOTIFICATIONS, from + APPENDED);
      await log.append(Array.from({ length: next - from }, (_, index) => story(from + index, began)).flat());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fillOn));
  return Number(options.rows) / ((performance.now() - start) / 1_000);
};

const timed = async (query: (number: number) => Promise<number>): Promise<string> => {
  const times: number[] = [];
  for (let number = 0; number < QUERIES; number++) {
    const picked = Math.floor(Math.random() * NOTIFICATIONS);
    const start = performance.now();
    if ((await query(picked)) === 0) throw new Error('a query that found nothing');
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
  return `${at(0.5)} / ${at(0.99)}`;
};

/** By whole reads of the table, and by reads of an index, so far. */
const scansOf = async (
  kysely: Kysely<Tables>,
): Promise<{ readonly whole: number; readonly index: number }> => {
  const { rows } = await sql<{ whole: number; index: number }>`
    select seq_scan::int as whole, idx_scan::int as index from pg_stat_user_tables where relname = 'trail_entry'
  `.execute(kysely);
  return rows[0] ?? { whole: 0, index: 0 };
};

const measure = async (kysely: Kysely<Tables>): Promise<Readonly<Record<string, string>>> => {
  const database = new Database({ kysely, schema: 'fanfare' });
  await migrate(database);
  const log = new PostgresDeliveryLog({ database, clock });
  const perSecond = await fill(log);
  await sql`vacuum analyze fanfare.trail_entry`.execute(kysely);
  const before = await scansOf(kysely);
  const ofUser = (number: number, cursor?: string) => log.ofUser(userOf(number), { cursor, limit: PAGE });
  const cursors = new Map<number, string | undefined>();
  for (let user = 0; user < 20; user++) {
    let cursor: string | undefined;
    for (let page = 0; page < DEEP; page++) cursor = (await ofUser(user, cursor)).next;
    cursors.set(user, cursor);
  }
  const found = {
    'rows/s, appended': Math.round(perSecond).toLocaleString('en'),
    'by id, ms': await timed(async number => {
      const { entries } = await log.find(notificationId(`ntf_${number}`), { limit: 100 });
      return entries.length;
    }),
    'by id and user, ms': await timed(async number => {
      const user = userOf(number);
      return (await log.find(notificationId(`ntf_${number}`), { user, limit: 100 })).entries.length;
    }),
    'a user, first page, ms': await timed(async number => (await ofUser(number)).notifications.length),
    [`a user, page ${DEEP + 1}, ms`]: await timed(async number => {
      const user = number % cursors.size;
      return (await ofUser(user, cursors.get(user))).notifications.length;
    }),
  };
  const after = await scansOf(kysely);
  const deep = cursors.get(7);
  const plans = async (ask: (of: PostgresDeliveryLog) => Promise<unknown>): Promise<string> => {
    const found = await plansOf(database, recorded =>
      ask(new PostgresDeliveryLog({ database: recorded, clock })),
    );
    return found.map(inWords).join('<br>');
  };
  const { rows } = await sql<{ bytes: number }>`
    select pg_total_relation_size('fanfare.trail_entry') as bytes
  `.execute(kysely);
  return {
    ...found,
    'MB with its indexes': Math.round(Number(rows[0]?.bytes) / 1e6).toLocaleString('en'),
    'reads by an index, of the whole table': `${after.index - before.index}, ${after.whole - before.whole}`,
    'plan by id': await plans(of => of.find(notificationId('ntf_7'), { limit: 100 })),
    'plan by id and user': await plans(of =>
      of.find(notificationId('ntf_7'), { user: userOf(7), limit: 100 }),
    ),
    'plans of a user, first page': await plans(of => of.ofUser(userOf(7), { limit: PAGE })),
    [`plans of a user, page ${DEEP + 1}`]: await plans(of =>
      of.ofUser(userOf(7), { cursor: deep, limit: PAGE }),
    ),
  };
};

const folder = mkdtempSync(join(tmpdir(), 'fanfare-trail-'));
// The reaper is one more image; the container is stopped below.
process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
const container = await new PostgreSqlContainer('postgres:17').start();
try {
  const pglite = await openPGlite(join(folder, 'postgres'));
  const inProcess = await measure(pglite);
  await pglite.destroy();
  const logger = new PinoLogger({ level: 'warn' });
  const postgres = openPostgres({ url: container.getConnectionUri(), poolSize: 10, logger });
  const onServer = await measure(postgres);
  await postgres.destroy();
  console.log('| | PGlite | PostgreSQL 17 |\n|---|--:|--:|');
  for (const name of Object.keys(inProcess))
    console.log(`| ${name} | ${inProcess[name]} | ${onServer[name]} |`);
  console.log(`\n${describeMachine()}`);
} finally {
  await container.stop({ timeout: 0 });
  rmSync(folder, { recursive: true, force: true });
}
