import { ContainerModule } from 'inversify';
import type { Database } from '../../adapters/postgres/database.ts';
import type { AwsConfig } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS } from '../tokens.ts';
import { openAwsCaching } from './aws-caching.ts';
import { bindRelationalStores } from './relational-stores.ts';

/** People and what they wish, and the trail, with a cache before what every notification asks for. */
export const awsRelational = async (config: AwsConfig, database: Database): Promise<ContainerModule[]> => [
  await openAwsCaching(config),
  new ContainerModule(options => {
    singleton(options, LOCAL_TOKENS.trailRetention, {}, () => ({ keptMs: config.trail.keptMs }));
    bindRelationalStores(options, database);
  }),
];
