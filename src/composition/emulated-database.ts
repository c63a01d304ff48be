import type { Logger } from '../ports/logger.ts';
import type { Config, Storage } from './config.ts';
import { openDatabase } from './open-stores.ts';

type Postgres = Extract<Storage, { kind: 'postgres' }>;

/** The database that functions shall have on an emulator, if the configuration names one. */
export const emulatedDatabase = ({ storage }: Config): Postgres | undefined =>
  storage.kind === 'postgres' ? storage : undefined;

/** What the migrate function does as it is deployed. */
export const migrateEmulated = async (storage: Postgres, logger: Logger): Promise<void> => {
  const { database, close } = await openDatabase(storage, logger);
  try {
    const { migrate } = await import('../adapters/postgres/migrate.ts');
    await migrate(database);
  } finally {
    await close();
  }
};
