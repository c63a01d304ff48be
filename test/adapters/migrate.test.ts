import { afterAll, describe, expect } from 'vitest';
import { migrate, migrationStatus, requireCurrent } from '../../src/adapters/postgres/migrate.ts';
import { sqlPlatforms } from '../support/sql-platforms.ts';
import { testUnless } from '../support/test-unless.ts';

const NAMES = [
  '0001-logs-and-inboxes',
  '0002-schedules',
  '0003-people',
  '0004-devices',
  '0005-trail',
  '0006-pushes',
];
const [FIRST] = NAMES;

for (const platform of await sqlPlatforms()) {
  afterAll(() => platform.stop());

  describe(`migrations on ${platform.name}`, () => {
    const onPlatform = testUnless(platform.unavailable);

    onPlatform('are pending at first, executed once, and then current', async () => {
      const database = await platform.openBare();
      expect(await migrationStatus(database)).toEqual(NAMES.map(name => ({ name })));
      await expect(requireCurrent(database)).rejects.toThrow(
        `the schema ${database.schema} lacks ${NAMES.join(', ')}: run fanfare migrate up`,
      );
      expect(await migrate(database)).toEqual(NAMES);
      expect(await migrate(database)).toEqual([]);
      await requireCurrent(database);
      expect(await migrationStatus(database)).toEqual(
        NAMES.map(name => ({ name, executedAt: expect.any(String) })),
      );
    });

    onPlatform('are executed once when several processes begin at once', async () => {
      const database = await platform.openBare();
      const executed = await Promise.all([1, 2, 3].map(() => migrate(database)));
      expect(executed.flat()).toEqual(NAMES);
    });

    onPlatform('of a later version are refused', async () => {
      const database = await platform.open();
      const later = { name: '0099-later', sha256: 'unknown', executed_at: new Date().toISOString() };
      await database.kysely.insertInto('migration_checksum').values(later).execute();
      const refusal = 'has 0099-later, of a later version of Fanfare than this one: upgrade';
      await expect(migrate(database)).rejects.toThrow(refusal);
      await expect(requireCurrent(database)).rejects.toThrow(refusal);
    });

    onPlatform('that were others when they were executed are refused', async () => {
      const database = await platform.open();
      await database.kysely.updateTable('migration_checksum').set({ sha256: 'another' }).execute();
      await expect(migrate(database)).rejects.toThrow(`${FIRST} was not what it is in this version`);
    });
  });
}
