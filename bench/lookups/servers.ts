import { once } from 'node:events';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, Wait } from 'testcontainers';
import { PinoLogger } from '../../src/adapters/pino/pino-logger.ts';
import { openPGlite } from '../../src/adapters/postgres/open-pglite.ts';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.ts';
import { RandomIds } from '../../src/adapters/system/random-ids.ts';
import { openValkey } from '../../src/adapters/valkey/open-valkey.ts';

/** PGlite within the process, PostgreSQL and Valkey in containers. Whoever starts them closes them. */
export const startServers = async (patience: { readonly budgetMs?: number } = {}) => {
  // The reaper is one more image; the containers are stopped by `close`.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const logger = new PinoLogger({ level: 'silent' });
  const [postgres, valkey] = await Promise.all([
    new PostgreSqlContainer('postgres:17').start(),
    new GenericContainer('valkey/valkey:8')
      .withExposedPorts(6_379)
      .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
      .start(),
  ]);
  const client = openValkey({
    url: new URL(`valkey://${valkey.getHost()}:${valkey.getMappedPort(6_379)}`),
    ids: new RandomIds(),
    logger,
    ...patience,
  });
  await once(client, 'ready');
  const databases = [
    { name: 'PGlite', kysely: await openPGlite() },
    {
      name: 'PostgreSQL',
      kysely: openPostgres({ url: postgres.getConnectionUri(), poolSize: 10, logger }),
    },
  ];
  return {
    client,
    databases,
    close: async (): Promise<void> => {
      client.disconnect();
      for (const { kysely } of databases) await kysely.destroy();
      await Promise.all([postgres, valkey].map(container => container.stop({ timeout: 0 })));
    },
  };
};
