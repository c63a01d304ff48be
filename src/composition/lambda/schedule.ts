import { scheduleHandler } from '../../adapters/aws/lambda/schedule-handler.ts';
import type { Swept } from '../../adapters/postgres/sweeper.ts';
import { Sweeper } from '../../adapters/postgres/sweeper.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsRelational } from '../modules/aws-data.ts';
import { openAwsDatabase } from '../modules/aws-database.ts';
import { awsBus } from '../modules/aws-messaging.ts';
import { awsCategories } from '../modules/aws-people.ts';
import { awsSchedules } from '../modules/aws-schedules.ts';
import { awsIdempotency, awsInbox, awsStore } from '../modules/aws-stores.ts';
import { withinNetwork } from '../modules/network-side.ts';
import { pushPlanning } from '../modules/push-planning.ts';
import { AWS_TOKENS, LOCAL_TOKENS, POSTGRES_TOKENS, TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const database = openAwsDatabase(config);
const modules = [
  awsStore(config),
  awsIdempotency(config),
  awsInbox(config),
  awsBus(config),
  awsCategories(config),
  pushPlanning,
  ...(await awsRelational(config, database)),
  ...awsSchedules(config, database),
];
const container = composeFunction(config, 'schedule', modules, withinNetwork(config));

const logger = resolve(container, TOKENS.logger);
const metrics = resolve(container, TOKENS.metrics);
const { log, lockScreens, caps } = POSTGRES_TOKENS;
const stores = [log, lockScreens, caps].map(store => resolve<Swept>(container, store));
const sweeper = new Sweeper({ stores, logger, metrics });

export const handler = withMetrics(
  container,
  scheduleHandler({
    wakeSchedule: resolve(container, AWS_TOKENS.wakeSchedule),
    runDue: resolve(container, LOCAL_TOKENS.runDue),
    sweep: () => sweeper.sweep(),
    logger,
  }),
);
