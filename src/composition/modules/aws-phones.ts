import { SNSClient } from '@aws-sdk/client-sns';
import { ContainerModule } from 'inversify';
import { SnsPushGateway } from '../../adapters/aws/push/sns-push-gateway.ts';
import { LenientCache } from '../../adapters/caching/lenient-cache.ts';
import type { UnsubscribeLinks } from '../../ports/unsubscribe-links.ts';
import type { AwsConfig } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

/** Nobody here can sign one. */
const NO_LINKS: UnsubscribeLinks = { unsubscribeUrl: () => undefined, read: () => undefined };

/** Phones by SNS; which endpoint is a device's is remembered in the cache that all functions share. */
export const awsPhones = (config: AwsConfig): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger, metrics } = TOKENS;
    singleton(options, LOCAL_TOKENS.unsubscribeLinks, {}, () => NO_LINKS);
    const needs = { caches: LOCAL_TOKENS.caches, clock, logger, metrics };
    singleton(options, PUSH_TOKENS.gateway, needs, ({ caches, ...parts }) => {
      const inner = caches.open('endpoints', String);
      const cache = new LenientCache({ ...parts, inner });
      const client = new SNSClient(clientOptions(config));
      return new SnsPushGateway({ ...parts, client, cache, applications: config.pushApplications });
    });
  });
