import { loadAwsConfig } from '../aws-config.ts';
import { httpHandler, httpModules } from '../aws-http.ts';
import { composeFunction } from '../compose-aws.ts';
import { strangers } from '../modules/aws-people.ts';

const config = loadAwsConfig(process.env);
const container = composeFunction(config, 'http', [...httpModules(config), strangers]);

export const handler = httpHandler(container, config);
