import { customResourceHandler } from '../../adapters/aws/lambda/custom-resource.ts';
import { grantRows } from '../../adapters/postgres/grant-rows.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { loadAwsConfig, needed } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { openAwsDatabase } from '../modules/aws-database.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'migrate', []);

const database = openAwsDatabase(config);
const logger = resolve(container, TOKENS.logger);
const role = needed(config.postgres.role, 'FANFARE_POSTGRES_ROLE');

export const handler = withMetrics(
  container,
  customResourceHandler({
    logger,
    apply: async ({ type, physicalId = 'schema' }) => {
      // What people have written is not the deployment's to delete.
      if (type === 'Delete') return { physicalId };
      const executed = await migrate(database);
      await grantRows(database, role);
      logger.info('schema.current', { executed: executed.join(', ') });
      return { physicalId };
    },
  }),
);
