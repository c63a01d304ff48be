import type { ContainerModule } from 'inversify';
import type { Database } from '../adapters/postgres/database.ts';
import type { Swept } from '../adapters/postgres/sweeper.ts';
import type { Logger } from '../ports/logger.ts';
import type { Config, Storage } from './config.ts';
import { memoryStores } from './modules/memory-stores.ts';

/** What keeps messages, inboxes and idempotency keys, opened. */
export interface OpenStores {
  readonly module: ContainerModule;
  /** Whether there is something to be swept. */
  readonly durable: boolean;
  close(): Promise<void>;
}

/**
 * Opens what the configuration asks for. A schema is brought up to date, but on a server in production, where that is
 * done by `fanfare migrate up`.
 *
 * @throws SchemaError for a schema that this version cannot work with
 * @throws FolderInUse while another process has the folder
 */
export const openStores = async (config: Config, logger: Logger): Promise<OpenStores> => {
  const { storage } = config;
  if (storage.kind === 'memory')
    return { module: memoryStores, durable: false, close: () => Promise.resolve() };
  const { database, close } = await openDatabase(storage, logger);
  try {
    const { migrate, requireCurrent } = await import('../adapters/postgres/migrate.ts');
    if (config.production && storage.kind === 'postgres') await requireCurrent(database);
    else await migrate(database);
    const upkeep = storage.kind === 'folder' ? await takeOver(database) : [];
    const { postgresStores } = await import('./modules/postgres-stores.ts');
    return { module: postgresStores(database, upkeep), durable: true, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** No other process has the folder: what one that died held is free, and nobody else looks after it. */
const takeOver = async (database: Database): Promise<readonly Swept[]> => {
  const { abandonClaims } = await import('../adapters/postgres/postgres-idempotency-store.ts');
  const { abandonLeases } = await import('../adapters/postgres/postgres-push-task-store.ts');
  const { PGliteVacuum } = await import('../adapters/postgres/pglite-vacuum.ts');
  await abandonClaims(database);
  await abandonLeases(database);
  return [new PGliteVacuum(database)];
};

export interface OpenDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** Loaded when asked for: most processes need neither database. */
export const openDatabase = async (
  storage: Exclude<Storage, { kind: 'memory' }>,
  logger: Logger,
): Promise<OpenDatabase> => {
  const { Database } = await import('../adapters/postgres/database.ts');
  if (storage.kind === 'postgres') {
    const { openPostgres } = await import('../adapters/postgres/open-postgres.ts');
    const { url, schema, poolSize } = storage;
    const database = new Database({ kysely: openPostgres({ url: url.href, poolSize, logger }), schema });
    return { database, close: () => database.close() };
  }
  const { takeFolder } = await import('../adapters/postgres/data-folder.ts');
  const folder = takeFolder(storage.folder);
  try {
    const { openPGlite } = await import('../adapters/postgres/open-pglite.ts');
    const database = new Database({ kysely: await openPGlite(folder.database), schema: 'fanfare' });
    return { database, close: () => database.close().finally(folder.release) };
  } catch (error) {
    folder.release();
    throw error;
  }
};
