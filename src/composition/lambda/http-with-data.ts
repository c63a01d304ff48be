import { unsubscribeRoutes } from '../../adapters/http/routes/unsubscribe.ts';
import { loadAwsConfig } from '../aws-config.ts';
import { httpHandler, httpModules } from '../aws-http.ts';
import { composeFunction } from '../compose-aws.ts';
import { DATA_NEEDS, dataRoutes } from '../data-routes.ts';
import { resolveAll } from '../injection.ts';
import { awsRelational } from '../modules/aws-data.ts';
import { openAwsDatabase } from '../modules/aws-database.ts';
import { awsLinks } from '../modules/aws-links.ts';
import { awsSchedules } from '../modules/aws-schedules.ts';
import { withinNetwork } from '../modules/network-side.ts';
import { people } from '../modules/people.ts';
import { pushPlanning } from '../modules/push-planning.ts';
import { LOCAL_TOKENS, TOKENS } from '../tokens.ts';

const config = loadAwsConfig(process.env);
const database = openAwsDatabase(config);
const modules = [
  ...httpModules(config),
  ...(await awsRelational(config, database)),
  ...awsSchedules(config, database),
  pushPlanning,
  people,
  awsLinks(config),
];
const container = composeFunction(config, 'http', modules, withinNetwork(config));
const parts = resolveAll(container, {
  ...DATA_NEEDS,
  unsubscribeLinks: LOCAL_TOKENS.unsubscribeLinks,
  turnPushOff: LOCAL_TOKENS.turnPushOff,
  limiter: TOKENS.limiter,
});

export const handler = httpHandler(container, config, {
  openRoutes: app => unsubscribeRoutes(app, parts),
  moreRoutes: app => dataRoutes(app, parts),
});
