import { afterAll } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryConnectionRegistry } from '../../src/adapters/local/memory-connection-registry.ts';
import type { Database } from '../../src/adapters/postgres/database.ts';
import { PostgresDeliveryLog } from '../../src/adapters/postgres/postgres-delivery-log.ts';
import { PostgresIdempotencyStore } from '../../src/adapters/postgres/postgres-idempotency-store.ts';
import { PostgresInboxStore } from '../../src/adapters/postgres/postgres-inbox-store.ts';
import { PostgresMessageStore } from '../../src/adapters/postgres/postgres-message-store.ts';
import { PostgresPreferenceStore } from '../../src/adapters/postgres/postgres-preference-store.ts';
import { PostgresScheduleStore } from '../../src/adapters/postgres/postgres-schedule-store.ts';
import { PostgresUserDirectory } from '../../src/adapters/postgres/postgres-user-directory.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { DEFAULT_RETENTION } from '../../src/domain/channel-policy.ts';
import { sqlPlatforms } from '../support/sql-platforms.ts';
import { deliveryLogContract } from './delivery-log.contract.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';
import { inboxStoreContract } from './inbox-store.contract.ts';
import { messageStoreContract } from './message-store.contract.ts';
import { preferenceStoreContract } from './preference-store.contract.ts';
import { resumeContract } from './resume.contract.ts';
import { scheduleStoreContract } from './schedule-store.contract.ts';
import { userDirectoryContract } from './user-directory.contract.ts';

for (const platform of await sqlPlatforms()) {
  const { unavailable } = platform;
  afterAll(() => platform.stop());

  messageStoreContract({
    name: `PostgresMessageStore on ${platform.name}`,
    unavailable,
    examples: 30,
    open: async limits => {
      const [clock, database] = [new ManualClock(), await platform.open()];
      const retention = () => ({ ...DEFAULT_RETENTION, ...limits });
      const options = { database, clock, ids: new RandomIds(), retention };
      return {
        port: new PostgresMessageStore(options),
        clock,
        advance: ms => clock.advance(ms),
        twin: async () => new PostgresMessageStore(options),
        /** Of a log without its place nothing can be told any more, though messages of it are still about. */
        lose: async channel => {
          await database.kysely.deleteFrom('channel_log').where('channel', '=', channel).execute();
        },
      };
    },
  });

  inboxStoreContract({
    name: `PostgresInboxStore on ${platform.name}`,
    unavailable,
    open: async () => {
      const options = { clock: new ManualClock(), database: await platform.open() };
      return {
        port: new PostgresInboxStore(options),
        clock: options.clock,
        advance: ms => options.clock.advance(ms),
        twin: async () => new PostgresInboxStore(options),
      };
    },
  });

  idempotencyStoreContract({
    name: `PostgresIdempotencyStore on ${platform.name}`,
    unavailable,
    open: async () => {
      const options = { clock: new ManualClock(), database: await platform.open() };
      return {
        port: new PostgresIdempotencyStore(options),
        clock: options.clock,
        advance: ms => options.clock.advance(ms),
        twin: async () => new PostgresIdempotencyStore(options),
      };
    },
  });

  /** One that needs nothing but its tables. */
  const storeOf = <Port>(Store: new (parts: { readonly database: Database }) => Port) => ({
    name: `${Store.name} on ${platform.name}`,
    unavailable,
    open: async () => {
      const [clock, database] = [new ManualClock(), await platform.open()];
      return {
        port: new Store({ database }),
        clock,
        advance: (ms: number) => clock.advance(ms),
        twin: async () => new Store({ database }),
      };
    },
  });
  scheduleStoreContract(storeOf(PostgresScheduleStore));
  preferenceStoreContract(storeOf(PostgresPreferenceStore));
  userDirectoryContract(storeOf(PostgresUserDirectory));

  deliveryLogContract({
    name: `PostgresDeliveryLog on ${platform.name}`,
    unavailable,
    open: async () => {
      const options = { clock: new ManualClock(), database: await platform.open() };
      return {
        port: new PostgresDeliveryLog(options),
        clock: options.clock,
        advance: ms => options.clock.advance(ms),
        twin: async () => new PostgresDeliveryLog(options),
      };
    },
  });

  resumeContract({
    name: platform.name,
    unavailable,
    open: async () => {
      const [clock, database] = [new ManualClock(), await platform.open()];
      return {
        port: {
          registry: new MemoryConnectionRegistry({ clock }),
          store: new PostgresMessageStore({ database, clock, ids: new RandomIds() }),
        },
        clock,
        advance: ms => clock.advance(ms),
      };
    },
  });
}
