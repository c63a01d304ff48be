import { loadAwsConfig } from '../aws-config.ts';
import { httpHandler, httpModules } from '../aws-http.ts';
import { composeFunction } from '../compose-aws.ts';
import { DATA_NEEDS, dataRoutes } from '../data-routes.ts';
import { resolveAll } from '../injection.ts';
import { awsRelational } from '../modules/aws-data.ts';
import { openAwsDatabase } from '../modules/aws-database.ts';
import { awsSchedules } from '../modules/aws-schedules.ts';
import { withinNetwork } from '../modules/network-side.ts';
import { people } from '../modules/people.ts';
import { pushPlanning } from '../modules/push-planning.ts';

const config = loadAwsConfig(process.env);
const database = openAwsDatabase(config);
const modules = [
  ...httpModules(config),
  ...(await awsRelational(config, database)),
  ...awsSchedules(config, database),
  pushPlanning,
  people,
];
const container = composeFunction(config, 'http', modules, withinNetwork(config));
const parts = resolveAll(container, DATA_NEEDS);

export const handler = httpHandler(container, config, app => dataRoutes(app, parts));
