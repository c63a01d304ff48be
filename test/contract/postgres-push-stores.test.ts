import { afterAll, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresCapCounter } from '../../src/adapters/postgres/postgres-cap-counter.ts';
import { PostgresDeviceStore } from '../../src/adapters/postgres/postgres-device-store.ts';
import { PostgresLockScreenStore } from '../../src/adapters/postgres/postgres-lock-screen-store.ts';
import {
  abandonLeases,
  PostgresPushTaskStore,
} from '../../src/adapters/postgres/postgres-push-task-store.ts';
import { userId } from '../../src/domain/ids.ts';
import type { Fixture } from '../support/harness.ts';
import type { SqlPlatform } from '../support/sql-platforms.ts';
import { sqlPlatforms } from '../support/sql-platforms.ts';
import { capCounterContract } from './cap-counter.contract.ts';
import { deviceStoreContract } from './device-store.contract.ts';
import { lockScreenStoreContract } from './lock-screen-store.contract.ts';
import { pushTaskStoreContract } from './push-task-store.contract.ts';

const platforms = await sqlPlatforms();
afterAll(() => Promise.all(platforms.map(({ stop }) => stop())));

const opening =
  <Port>(platform: SqlPlatform, make: (database: Database, clock: ManualClock) => Port) =>
  async (): Promise<Fixture<Port>> => {
    const [clock, database] = [new ManualClock(), await platform.open()];
    return {
      port: make(database, clock),
      clock,
      advance: ms => clock.advance(ms),
      twin: async () => make(database, clock),
    };
  };

for (const platform of platforms) {
  const { name, unavailable } = platform;
  deviceStoreContract({
    name: `PostgresDeviceStore on ${name}`,
    unavailable,
    open: opening(platform, database => new PostgresDeviceStore({ database })),
  });
  test(`a lease that nobody can be at work on any more is ended, on ${name}`, async context => {
    if (unavailable !== undefined) context.skip(unavailable);
    const database = await platform.open();
    const store = new PostgresPushTaskStore({ database });
    const task = { kind: 'withdraw', id: 'a', user: userId('alice'), dueAt: 100, attempt: 0 } as const;
    await store.enqueue([task, { ...task, id: 'later', dueAt: 900 }]);
    await store.claim(100, 10, 60_000);
    await abandonLeases(database);
    expect(await store.claim(99, 10, 60_000)).toEqual([]);
    expect(await store.claim(100, 10, 60_000)).toMatchObject([{ task, claims: 2 }]);
  });
  pushTaskStoreContract({
    name: `PostgresPushTaskStore on ${name}`,
    unavailable,
    open: opening(platform, database => new PostgresPushTaskStore({ database })),
  });
  lockScreenStoreContract({
    name: `PostgresLockScreenStore on ${name}`,
    unavailable,
    open: opening(platform, (database, clock) => new PostgresLockScreenStore({ database, clock })),
  });
  capCounterContract({
    name: `PostgresCapCounter on ${name}`,
    unavailable,
    open: opening(platform, (database, clock) => new PostgresCapCounter({ database, clock })),
  });
}
