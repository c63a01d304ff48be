import { ContainerModule } from 'inversify';
import { CachingDeviceStore } from '../../adapters/caching/caching-device-store.ts';
import { CachingPreferenceStore } from '../../adapters/caching/caching-preference-store.ts';
import { MemoryMessageStore } from '../../adapters/local/memory-message-store.ts';
import { SplitMessageStore } from '../../adapters/local/split-message-store.ts';
import type { Database } from '../../adapters/postgres/database.ts';
import { PostgresCapCounter } from '../../adapters/postgres/postgres-cap-counter.ts';
import { PostgresDeliveryLog } from '../../adapters/postgres/postgres-delivery-log.ts';
import { PostgresDeviceStore } from '../../adapters/postgres/postgres-device-store.ts';
import { PostgresIdempotencyStore } from '../../adapters/postgres/postgres-idempotency-store.ts';
import { PostgresInboxStore } from '../../adapters/postgres/postgres-inbox-store.ts';
import { PostgresLockScreenStore } from '../../adapters/postgres/postgres-lock-screen-store.ts';
import { PostgresMessageStore } from '../../adapters/postgres/postgres-message-store.ts';
import { PostgresPreferenceStore } from '../../adapters/postgres/postgres-preference-store.ts';
import { PostgresPushTaskStore } from '../../adapters/postgres/postgres-push-task-store.ts';
import { PostgresScheduleStore } from '../../adapters/postgres/postgres-schedule-store.ts';
import { PostgresUserDirectory } from '../../adapters/postgres/postgres-user-directory.ts';
import { Sweeper } from '../../adapters/postgres/sweeper.ts';
import { Repeater } from '../../adapters/system/repeater.ts';
import type { Channel } from '../../domain/channel.ts';
import type { NotificationReceipt } from '../../domain/notification.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, POSTGRES_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

const SWEEP_REST_MS = 60_000;

/** Stores that outlive the process. */
export const postgresStores = (database: Database): ContainerModule =>
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
    singleton(
      options,
      log,
      { clock, retention: LOCAL_TOKENS.trailRetention },
      ({ retention, ...parts }) => new PostgresDeliveryLog({ ...parts, ...retention, database }),
    );
    alias(options, LOCAL_TOKENS.log, log);
    alias(options, TOKENS.inbox, inboxes);
    alias(options, TOKENS.idempotency, keys);
    singleton(options, PUSH_TOKENS.tasks, {}, () => new PostgresPushTaskStore({ database }));
    singleton(options, lockScreens, { clock }, parts => new PostgresLockScreenStore({ ...parts, database }));
    alias(options, PUSH_TOKENS.lockScreens, lockScreens);
    singleton(options, caps, { clock }, parts => new PostgresCapCounter({ ...parts, database }));
    alias(options, PUSH_TOKENS.caps, caps);
    singleton(options, LOCAL_TOKENS.schedules, {}, () => new PostgresScheduleStore({ database }));
    singleton(options, LOCAL_TOKENS.users, {}, () => new PostgresUserDirectory({ database }));
    // Every notification asks for them.
    const cached = { caches: LOCAL_TOKENS.caches, clock, ids, logger, metrics };
    singleton(options, LOCAL_TOKENS.devices, cached, parts => {
      return new CachingDeviceStore({ ...parts, inner: new PostgresDeviceStore({ database }) });
    });
    singleton(options, LOCAL_TOKENS.preferences, cached, parts => {
      return new CachingPreferenceStore({ ...parts, inner: new PostgresPreferenceStore({ database }) });
    });
    alias(options, TOKENS.preferences, LOCAL_TOKENS.preferences);
    singleton(
      options,
      POSTGRES_TOKENS.sweeping,
      { clock, logger, metrics, messages, inboxes, keys, log, lockScreens, caps },
      ({ clock: now, logger: logs, metrics: counts, ...stores }) => {
        const parts = { clock: now, logger: logs, metrics: counts };
        const sweeper = new Sweeper({ ...parts, stores: Object.values(stores) });
        return new Repeater({ ...parts, name: 'sweep', restMs: SWEEP_REST_MS, work: () => sweeper.sweep() });
      },
    );
  });
