import { trailHandler } from '../../adapters/aws/lambda/trail-handler.ts';
import { PostgresDeliveryLog } from '../../adapters/postgres/postgres-delivery-log.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { openAwsDatabase } from '../modules/aws-database.ts';
import { TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'trail', []);

const clock = resolve(container, TOKENS.clock);
const logger = resolve(container, TOKENS.logger);
const database = openAwsDatabase(config);
const log = new PostgresDeliveryLog({ database, clock, keptMs: config.trail.keptMs });

export const handler = withMetrics(container, trailHandler({ log, logger }));
