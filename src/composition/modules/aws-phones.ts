import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { ContainerModule } from 'inversify';
import { fetchSecretFields } from '../../adapters/aws/fetch-secret.ts';
import { SnsPushGateway } from '../../adapters/aws/push/sns-push-gateway.ts';
import { LenientCache } from '../../adapters/caching/lenient-cache.ts';
import { PushGatewayByPlatform } from '../../adapters/push/push-gateway-by-platform.ts';
import { PushServiceClient } from '../../adapters/web-push/push-service-client.ts';
import { isVapidPair, type Vapid } from '../../adapters/web-push/vapid.ts';
import { WebPushGateway } from '../../adapters/web-push/web-push-gateway.ts';
import type { UnsubscribeLinks } from '../../ports/unsubscribe-links.ts';
import type { AwsConfig } from '../aws-config.ts';
import { ConfigError } from '../config-error.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

/** Nobody here can sign one. */
const NO_LINKS: UnsubscribeLinks = { unsubscribeUrl: () => undefined, read: () => undefined };

/**
 * Phones by SNS, which endpoint is a device's being remembered in the cache that all functions share; browsers by their
 * push services, where there are keys for that. Others are refused.
 *
 * @throws FanfareError, ConfigError where the secret with the keys cannot be had, or has others
 */
export const awsPhones = async (config: AwsConfig): Promise<ContainerModule> => {
  const vapid = await vapidOf(config);
  return new ContainerModule(options => {
    const { clock, logger, metrics } = TOKENS;
    singleton(options, LOCAL_TOKENS.unsubscribeLinks, {}, () => NO_LINKS);
    const needs = { caches: LOCAL_TOKENS.caches, clock, logger, metrics };
    singleton(options, PUSH_TOKENS.gateway, needs, ({ caches, ...parts }) => {
      const inner = caches.open('endpoints', String);
      const cache = new LenientCache({ ...parts, inner });
      const client = new SNSClient(clientOptions(config));
      const sns = new SnsPushGateway({ ...parts, client, cache, applications: config.pushApplications });
      const web = vapid && new WebPushGateway({ ...parts, vapid, client: new PushServiceClient() });
      return new PushGatewayByPlatform({ apns: sns, apns_sandbox: sns, fcm: sns, webpush: web ?? sns });
    });
  });
};

const vapidOf = async (config: AwsConfig): Promise<Vapid | undefined> => {
  const { vapidSecretId } = config;
  if (vapidSecretId === undefined) return undefined;
  const client = new SecretsManagerClient(clientOptions(config));
  const vapid = await fetchSecretFields(client, vapidSecretId, ['subject', 'publicKey', 'privateKey']);
  if (isVapidPair(vapid)) return vapid;
  throw new ConfigError([`FANFARE_VAPID_SECRET_ID: expected a secret with a pair of keys, found others`]);
};
