import { SNSClient } from '@aws-sdk/client-sns';
import { ContainerModule } from 'inversify';
import { SnsPushGateway } from '../../adapters/aws/push/sns-push-gateway.ts';
import { LenientCache } from '../../adapters/caching/lenient-cache.ts';
import type { MobilePlatform } from '../config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** AWS answers in some ms; what takes longer is asked anew by the SDK. */
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** Phones by SNS, with the credentials and the region that the SDK finds. */
export const snsPhones = (applications: Readonly<Partial<Record<MobilePlatform, string>>>): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger, metrics } = TOKENS;
    const needs = { caches: LOCAL_TOKENS.caches, clock, logger, metrics };
    singleton(options, PUSH_TOKENS.snsGateway, needs, ({ caches, ...parts }) => {
      const inner = caches.open('endpoints', String);
      const cache = new LenientCache({ ...parts, inner });
      const client = new SNSClient({
        requestHandler: {
          connectionTimeout: CONNECTION_TIMEOUT_MS,
          requestTimeout: REQUEST_TIMEOUT_MS,
          throwOnRequestTimeout: true,
        },
      });
      return new SnsPushGateway({ ...parts, client, cache, applications });
    });
  });
