import { randomUUID } from 'node:crypto';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import type { Kysely } from 'kysely';
import { Database } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.ts';
import type { Tables } from '../../src/adapters/postgres/schema.ts';
import { unlessRequired, whyNoContainers } from './containers.ts';
import { SilentLogger } from './fakes.ts';

export const POSTGRES_IMAGE = 'postgres:17';

/** One place where the relational adapters can be held to their contracts. */
export interface SqlPlatform {
  readonly name: string;
  readonly unavailable?: string | undefined;
  /** A schema that nobody else has, without its tables. */
  openBare(): Promise<Database>;
  /** A schema that nobody else has, up to date. */
  open(): Promise<Database>;
  stop(): Promise<void>;
}

/** PGlite in memory, and PostgreSQL in a container; each is started when it is first asked for. */
export const sqlPlatforms = async (): Promise<readonly SqlPlatform[]> => [
  platform('PGlite', undefined, async () => {
    const kysely = await openPGlite();
    return { kysely, stop: () => kysely.destroy() };
  }),
  platform('PostgreSQL', unlessRequired(await whyNoContainers()), async () => {
    const container = await new PostgreSqlContainer(POSTGRES_IMAGE).start();
    const kysely = openPostgres({
      url: container.getConnectionUri(),
      poolSize: 10,
      logger: new SilentLogger(),
    });
    const stop = async (): Promise<void> => {
      await kysely.destroy();
      await container.stop({ timeout: 0 });
    };
    return { kysely, stop };
  }),
];

interface Started {
  readonly kysely: Kysely<Tables>;
  stop(): Promise<unknown>;
}

const platform = (
  name: string,
  unavailable: string | undefined,
  start: () => Promise<Started>,
): SqlPlatform => {
  let started: Promise<Started> | undefined;
  const openBare = async (): Promise<Database> => {
    started ??= start();
    const { kysely } = await started;
    return new Database({ kysely, schema: `test_${randomUUID().replaceAll('-', '')}` });
  };
  return {
    name,
    unavailable,
    openBare,
    open: async () => {
      const database = await openBare();
      await migrate(database);
      return database;
    },
    stop: async () => {
      await (await started)?.stop();
    },
  };
};
