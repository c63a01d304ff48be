import { ContainerModule } from 'inversify';
import { MemoryMessageStore } from '../../adapters/local/memory-message-store.ts';
import { SplitMessageStore } from '../../adapters/local/split-message-store.ts';
import type { Database } from '../../adapters/postgres/database.ts';
import { PostgresIdempotencyStore } from '../../adapters/postgres/postgres-idempotency-store.ts';
import { PostgresInboxStore } from '../../adapters/postgres/postgres-inbox-store.ts';
import { PostgresMessageStore } from '../../adapters/postgres/postgres-message-store.ts';
import { PostgresScheduleStore } from '../../adapters/postgres/postgres-schedule-store.ts';
import type { Swept } from '../../adapters/postgres/sweeper.ts';
import { Sweeper } from '../../adapters/postgres/sweeper.ts';
import { Repeater } from '../../adapters/system/repeater.ts';
import type { Channel } from '../../domain/channel.ts';
import type { NotificationReceipt } from '../../domain/notification.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, POSTGRES_TOKENS, TOKENS } from '../tokens.ts';
import { bindRelationalStores } from './relational-stores.ts';

const SWEEP_REST_MS = 60_000;

/**
 * Stores that outlive the process.
 *
 * @param upkeep what is to be done for the database each time that stores have been swept
 */
export const postgresStores = (database: Database, upkeep: readonly Swept[]): ContainerModule =>
  new ContainerModule(options => {
    const { clock, ids, policies, logger, metrics } = TOKENS;
    const { messages, inboxes, keys, log, lockScreens, caps } = POSTGRES_TOKENS;
    singleton(
      options,
      messages,
      { clock, ids, policies },
      ({ policies: kept, ...parts }) =>
        new PostgresMessageStore({ ...parts, database, retention: channel => kept.of(channel).retention }),
    );
    singleton(options, inboxes, { clock }, parts => new PostgresInboxStore({ ...parts, database }));
    singleton(
      options,
      keys,
      { clock },
      parts => new PostgresIdempotencyStore<NotificationReceipt>({ ...parts, database }),
    );
    singleton(
      options,
      TOKENS.store,
      { lasting: messages, clock, ids, policies },
      ({ lasting, policies: kept, ...parts }) => {
        const retention = (channel: Channel) => kept.of(channel).retention;
        return new SplitMessageStore({ lasting, passing: new MemoryMessageStore({ ...parts, retention }) });
      },
    );
    bindRelationalStores(options, database);
    alias(options, TOKENS.inbox, inboxes);
    alias(options, TOKENS.idempotency, keys);
    singleton(options, LOCAL_TOKENS.schedules, {}, () => new PostgresScheduleStore({ database }));
    singleton(
      options,
      POSTGRES_TOKENS.sweeping,
      { clock, logger, metrics, messages, inboxes, keys, log, lockScreens, caps },
      ({ clock: now, logger: logs, metrics: counts, ...stores }) => {
        const parts = { clock: now, logger: logs, metrics: counts };
        const sweeper = new Sweeper({ ...parts, stores: [...Object.values(stores), ...upkeep] });
        return new Repeater({ ...parts, name: 'sweep', restMs: SWEEP_REST_MS, work: () => sweeper.sweep() });
      },
    );
  });
