import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import type { Plan } from '../../bench/trail/plans.ts';
import { plansOf } from '../../bench/trail/plans.ts';
import { story, USERS, userOf } from '../../bench/trail/story.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresDeliveryLog } from '../../src/adapters/postgres/postgres-delivery-log.ts';
import { notificationId } from '../../src/domain/ids.ts';
import { sqlPlatforms } from '../support/sql-platforms.ts';

/** Of five entries each. */
const NOTIFICATIONS = 4 * USERS;

for (const platform of await sqlPlatforms())
  describe(`The trail on ${platform.name}`, () => {
    afterAll(() => platform.stop());

    const clock = new ManualClock();
    let filled: Promise<Database> | undefined;
    const fill = async (): Promise<Database> => {
      const database = await platform.open();
      const log = new PostgresDeliveryLog({ database, clock });
      for (let from = 0; from < NOTIFICATIONS; from += USERS)
        await log.append(
          Array.from({ length: USERS }, (_, index) => story(from + index, clock.now())).flat(),
        );
      await analyze(database);
      return database;
    };
    const plans = async (ask: (log: PostgresDeliveryLog) => Promise<unknown>): Promise<readonly Plan[]> => {
      filled ??= fill();
      return plansOf(await filled, database => ask(new PostgresDeliveryLog({ database, clock })));
    };
    const [id, user] = [notificationId('ntf_1234'), userOf(1234)];

    for (const { asked, ask, indexes } of [
      {
        asked: 'one notification',
        ask: (log: PostgresDeliveryLog) => log.find(id, { limit: 100 }),
        indexes: [['trail_entry_pkey']],
      },
      {
        asked: 'one notification, of one user',
        ask: (log: PostgresDeliveryLog) => log.find(id, { user, limit: 100 }),
        indexes: [['trail_entry_pkey']],
      },
      {
        asked: "a user's notifications, and of each the last entry",
        ask: (log: PostgresDeliveryLog) => log.ofUser(user, { limit: 2 }),
        indexes: [['trail_entry_user'], ['trail_entry_pkey']],
      },
      {
        asked: 'the page after',
        ask: async (log: PostgresDeliveryLog) => {
          const { next } = await log.ofUser(user, { limit: 2 });
          return log.ofUser(user, { cursor: next, limit: 2 });
        },
        indexes: [['trail_entry_user'], ['trail_entry_pkey'], ['trail_entry_user'], ['trail_entry_pkey']],
      },
      {
        asked: 'all that is told of a user',
        ask: (log: PostgresDeliveryLog) => log.allOf(user, { limit: 100 }),
        indexes: [['trail_entry_user']],
      },
    ])
      test(`finds ${asked} by an index, and looks at nothing else`, async context => {
        if (platform.unavailable !== undefined) context.skip(platform.unavailable);
        const found = await plans(ask);

        expect(found.map(({ scans }) => scans.map(({ index, node }) => index ?? node))).toEqual(indexes);
        for (const { scans } of found)
          for (const { rows } of scans) expect(rows).toBeLessThanOrEqual(5 * (NOTIFICATIONS / USERS));
      });

    test('would be found out, if it read the whole table', async context => {
      if (platform.unavailable !== undefined) context.skip(platform.unavailable);
      filled ??= fill();
      const [plan] = await plansOf(await filled, ({ kysely }) =>
        kysely.selectFrom('trail_entry').selectAll().where('kind', '=', 'device').execute(),
      );

      expect(plan?.scans).toEqual([{ node: 'Seq Scan', rows: NOTIFICATIONS }]);
    });
  });

const analyze = ({ kysely, schema }: Database) =>
  sql`analyze ${sql.id(schema, 'trail_entry')}`.execute(kysely);
