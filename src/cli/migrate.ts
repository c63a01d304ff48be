import { Command } from 'commander';
import { PinoLogger } from '../adapters/pino/pino-logger.ts';
import { loadConfig } from '../composition/config.ts';
import type { OpenDatabase } from '../composition/open-stores.ts';
import { openDatabase } from '../composition/open-stores.ts';
import { CliError, EXIT } from './exit.ts';
import { explainStorage } from './storage.ts';

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('Bring the schema of FANFARE_POSTGRES_URL (or the folder FANFARE_DATA) up to date.')
    .addCommand(
      new Command('status').description('Print each migration, and when it was executed.').action(status),
    )
    .addCommand(
      new Command('up')
        .description('Execute those that are pending: one process at a time, each whole or not at all.')
        .action(up),
    );

const status = (): Promise<void> =>
  withDatabase(async ({ database }) => {
    const { migrationStatus } = await import('../adapters/postgres/migrate.ts');
    for (const { name, executedAt } of await migrationStatus(database))
      console.log(`${name}  ${executedAt ?? 'pending'}`);
  });

const up = (): Promise<void> =>
  withDatabase(async ({ database }) => {
    const { migrate } = await import('../adapters/postgres/migrate.ts');
    const executed = await migrate(database);
    for (const name of executed) console.log(`${name}  executed`);
    if (executed.length === 0) console.log('up to date');
  });

const withDatabase = async (work: (opened: OpenDatabase) => Promise<void>): Promise<void> => {
  const { storage, logLevel } = loadConfig(process.env);
  if (storage.kind === 'memory')
    throw new CliError('expected FANFARE_POSTGRES_URL or FANFARE_DATA, found neither', EXIT.usage);
  const opened = await openDatabase(storage, new PinoLogger({ level: logLevel })).catch(explainStorage);
  try {
    await work(opened).catch(explainStorage);
  } finally {
    await opened.close();
  }
};
