import { SNSClient } from '@aws-sdk/client-sns';
import { ContainerModule } from 'inversify';
import { SnsPushGateway } from '../../adapters/aws/push/sns-push-gateway.ts';
import { LenientCache } from '../../adapters/caching/lenient-cache.ts';
import type { AwsConfig } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

/** Phones by SNS; which endpoint is a device's is remembered in the cache that all share. */
export const snsPhones = (config: Pick<AwsConfig, 'pushApplications' | 'endpoint'>): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger, metrics } = TOKENS;
    const needs = { caches: LOCAL_TOKENS.caches, clock, logger, metrics };
    singleton(options, PUSH_TOKENS.snsGateway, needs, ({ caches, ...parts }) => {
      const inner = caches.open('endpoints', String);
      const cache = new LenientCache({ ...parts, inner });
      const client = new SNSClient(clientOptions(config));
      return new SnsPushGateway({ ...parts, client, cache, applications: config.pushApplications });
    });
  });
