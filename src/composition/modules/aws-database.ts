import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Signer } from '@aws-sdk/rds-signer';
import type { Kysely } from 'kysely';
import { fetchSecretFields } from '../../adapters/aws/fetch-secret.ts';
import { PinoLogger } from '../../adapters/pino/pino-logger.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { openPostgres, openSignedIn } from '../../adapters/postgres/open-postgres.ts';
import type { Tables } from '../../adapters/postgres/schema.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AwsConfig } from '../aws-config.ts';
import { needed } from '../aws-config.ts';
import { clientOptions } from './aws-client.ts';

/**
 * A container of a function handles one event at a time, whose statements mostly follow each other; the second is for
 * those that do not. It is the proxy that has many, and lends one for the length of a transaction.
 */
const POOL_SIZE = 2;

/** By a secret only the owner of the tables signs in, whose statements may rewrite one. */
const MIGRATION_TIMEOUT_MS = 10 * 60_000;

/** Connects when it is first asked something. */
export const openAwsDatabase = (config: AwsConfig): Database => {
  const kysely = open(config, new PinoLogger({ level: config.logLevel }));
  return new Database({ kysely, schema: config.postgres.schema });
};

const open = (config: AwsConfig, logger: Logger): Kysely<Tables> => {
  const shared = { poolSize: POOL_SIZE, logger };
  const url = needed(config.postgres.url, 'FANFARE_POSTGRES_URL');
  switch (config.postgres.signIn) {
    case 'url':
      return openPostgres({ ...shared, url: url.href });
    case 'iam': {
      const user = decodeURIComponent(url.username);
      const port = Number(url.port || 5432);
      const signer = new Signer({ hostname: url.hostname, port, username: user });
      return openSignedIn({ ...shared, url, user, password: () => signer.getAuthToken() });
    }
    case 'secret': {
      const arn = needed(config.postgres.secretArn, 'FANFARE_POSTGRES_SECRET_ARN');
      const client = new SecretsManagerClient(clientOptions(config));
      const password = async (): Promise<string> =>
        (await fetchSecretFields(client, arn, ['password'])).password;
      return openSignedIn({
        ...shared,
        url,
        user: decodeURIComponent(url.username),
        password,
        answerTimeoutMs: MIGRATION_TIMEOUT_MS,
      });
    }
  }
};
