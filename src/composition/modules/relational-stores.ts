import type { ContainerModuleLoadOptions } from 'inversify';
import { CachingDeviceStore } from '../../adapters/caching/caching-device-store.ts';
import { CachingPreferenceStore } from '../../adapters/caching/caching-preference-store.ts';
import type { Database } from '../../adapters/postgres/database.ts';
import { PostgresCapCounter } from '../../adapters/postgres/postgres-cap-counter.ts';
import { PostgresDeliveryLog } from '../../adapters/postgres/postgres-delivery-log.ts';
import { PostgresDeviceStore } from '../../adapters/postgres/postgres-device-store.ts';
import { PostgresLockScreenStore } from '../../adapters/postgres/postgres-lock-screen-store.ts';
import { PostgresPreferenceStore } from '../../adapters/postgres/postgres-preference-store.ts';
import { PostgresPushTaskStore } from '../../adapters/postgres/postgres-push-task-store.ts';
import { PostgresUserDirectory } from '../../adapters/postgres/postgres-user-directory.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, POSTGRES_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** What is kept in PostgreSQL wherever there is one. Schedules are not among it: who runs them differs. */
export const bindRelationalStores = (options: ContainerModuleLoadOptions, database: Database): void => {
  const { clock, ids, logger, metrics } = TOKENS;
  const { log, lockScreens, caps } = POSTGRES_TOKENS;
  singleton(
    options,
    log,
    { clock, retention: LOCAL_TOKENS.trailRetention },
    ({ retention, ...parts }) => new PostgresDeliveryLog({ ...parts, ...retention, database }),
  );
  alias(options, LOCAL_TOKENS.log, log);
  singleton(options, PUSH_TOKENS.tasks, {}, () => new PostgresPushTaskStore({ database }));
  singleton(options, lockScreens, { clock }, parts => new PostgresLockScreenStore({ ...parts, database }));
  alias(options, PUSH_TOKENS.lockScreens, lockScreens);
  singleton(options, caps, { clock }, parts => new PostgresCapCounter({ ...parts, database }));
  alias(options, PUSH_TOKENS.caps, caps);
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
};
