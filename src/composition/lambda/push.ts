import { pushHandler } from '../../adapters/aws/lambda/push-handler.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { composeFunction, withMetrics } from '../compose-aws.ts';
import { resolve } from '../injection.ts';
import { awsRelational } from '../modules/aws-data.ts';
import { openAwsDatabase } from '../modules/aws-database.ts';
import { awsLinks } from '../modules/aws-links.ts';
import { awsCategories } from '../modules/aws-people.ts';
import { awsPhones } from '../modules/aws-phones.ts';
import { awsInbox } from '../modules/aws-stores.ts';
import { trailInDatabase } from '../modules/aws-trail.ts';
import { cron } from '../modules/cron.ts';
import { noPush } from '../modules/no-push.ts';
import { pushWork } from '../modules/push-work.ts';
import { PUSH_TOKENS, TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const modules = [
  awsInbox(config),
  awsCategories(config),
  awsLinks(config),
  ...(await awsPhones(config)),
  ...(await awsRelational(config, openAwsDatabase(config))),
  cron,
  pushWork,
];
const container = composeFunction(config, 'push', modules, [trailInDatabase, noPush]);

export const handler = withMetrics(
  container,
  pushHandler({
    tasks: resolve(container, PUSH_TOKENS.tasks),
    runPushes: resolve(container, PUSH_TOKENS.runPushes),
    logger: resolve(container, TOKENS.logger),
  }),
);
