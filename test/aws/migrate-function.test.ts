import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { LambdaHost } from '../../src/adapters/local/emulation/lambda-host.ts';
import { Database } from '../../src/adapters/postgres/database.ts';
import { requireCurrent } from '../../src/adapters/postgres/migrate.ts';
import { openPostgres } from '../../src/adapters/postgres/open-postgres.ts';
import { unlessRequired, whyNoContainers } from '../support/containers.ts';
import { SilentLogger } from '../support/fakes.ts';
import type { ResourceAnswers } from '../support/resource-answers.ts';
import { aResourceEvent, takeResourceAnswers } from '../support/resource-answers.ts';
import { POSTGRES_IMAGE } from '../support/sql-platforms.ts';

const unavailable = unlessRequired(await whyNoContainers());

describe('The function that migrates, as it is bundled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-migrate-'));
  let container: StartedPostgreSqlContainer;
  let host: LambdaHost;
  let database: Database;
  let taken: ResourceAnswers;

  beforeAll(async () => {
    if (unavailable !== undefined) return;
    [container, taken] = await Promise.all([
      new PostgreSqlContainer(POSTGRES_IMAGE).start(),
      takeResourceAnswers(),
      bundleFunctions(folder),
    ]);
    const url = container.getConnectionUri();
    const env = { FANFARE_POSTGRES_URL: url, FANFARE_POSTGRES_ROLE: 'fanfare_app', AWS_REGION: 'us-east-1' };
    const bundle = pathToFileURL(join(folder, 'migrate', 'index.mjs'));
    host = new LambdaHost({ name: 'migrate', bundle, env, timeoutMs: 30_000 });
    const kysely = openPostgres({ url, poolSize: 1, logger: new SilentLogger() });
    database = new Database({ kysely, schema: 'fanfare' });
  }, 120_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    if (unavailable !== undefined) return;
    taken.stop();
    await host.stop();
    await database.close();
    await container.stop({ timeout: 0 });
  });

  test('brings the schema up to date at each deployment, leaves it when deleted, and fails one that is older', async context => {
    if (unavailable !== undefined) context.skip(unavailable);
    const deploy = (changes: object): Promise<unknown> => host.invoke(aResourceEvent(taken.url, changes));

    await deploy({ RequestType: 'Create' });
    await requireCurrent(database);
    await deploy({ RequestType: 'Update', PhysicalResourceId: 'schema' });
    await deploy({ RequestType: 'Delete', PhysicalResourceId: 'schema' });
    await requireCurrent(database);
    const later = { name: '0099-later', sha256: 'unknown', executed_at: new Date().toISOString() };
    await database.kysely.insertInto('migration_checksum').values(later).execute();
    await deploy({ RequestType: 'Update', PhysicalResourceId: 'schema' });

    expect(taken.answers.map(({ body }) => body)).toEqual([
      ...Array.from({ length: 3 }, () => expect.objectContaining({ Status: 'SUCCESS' })),
      expect.objectContaining({
        Status: 'FAILED',
        Reason: expect.stringContaining('has 0099-later, of a later version of Fanfare than this one'),
      }),
    ]);
  });
});
