import { FanfareError } from '../domain/errors.ts';
import { CliError, EXIT } from './exit.ts';

/** Told by their names, so that the database is loaded by those alone who need it. */
const OF_STORAGE: ReadonlySet<string> = new Set(['SchemaError', 'FolderInUse']);

/** Why the storage could not be opened, in one line. Throws anything else on. */
export const explainStorage = (error: unknown): never => {
  if (error instanceof Error && OF_STORAGE.has(error.name)) throw new CliError(error.message, EXIT.failed);
  if (error instanceof FanfareError && error.code === 'unavailable')
    throw new CliError(`FANFARE_POSTGRES_URL: ${error.message} (${String(error.cause)})`, EXIT.failed);
  throw error;
};
