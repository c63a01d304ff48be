import type { ContainerModule } from 'inversify';
import type { AwsConfig } from '../aws-config.ts';
import { awsPresenceQueue } from './aws-messaging.ts';
import { awsPresence, awsRegistry } from './aws-stores.ts';

/** What a function needs that lets connections come, or go: who is connected, and who is here. */
export const awsConnections = (config: AwsConfig): ContainerModule[] => [
  awsRegistry(config),
  awsPresence(config),
  awsPresenceQueue(config),
];
