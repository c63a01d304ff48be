import type { ContainerModule } from 'inversify';
import type { AwsConfig } from '../aws-config.ts';
import { awsConnections } from './aws-connections.ts';
import { awsGateway } from './aws-gateway.ts';
import { awsQueue } from './aws-messaging.ts';
import { awsStore } from './aws-stores.ts';

/** What a function needs that posts to connections, and hands on what it could not post. */
export const awsDelivering = (config: AwsConfig): ContainerModule[] => [
  ...awsConnections(config),
  awsStore(config),
  awsQueue(config),
  awsGateway(config),
];
