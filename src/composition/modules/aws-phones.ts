import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ContainerModule } from 'inversify';
import { fetchSecretFields } from '../../adapters/aws/fetch-secret.ts';
import { isVapidPair, type Vapid } from '../../adapters/web-push/vapid.ts';
import type { AwsConfig } from '../aws-config.ts';
import { ConfigError } from '../config-error.ts';
import { PUSH_TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';
import { pushGateways } from './push-gateways.ts';
import { snsPhones } from './sns-phones.ts';
import { webPushBrowsers } from './web-push-browsers.ts';

/**
 * Phones by SNS, and browsers by their push services, where there are keys for that. What SNS has no application for, it
 * refuses.
 *
 * @throws FanfareError, ConfigError where the secret with the keys cannot be had, or has others
 */
export const awsPhones = async (config: AwsConfig): Promise<ContainerModule[]> => {
  const vapid = await vapidOf(config);
  const { snsGateway, webPushGateway } = PUSH_TOKENS;
  return [
    snsPhones(config),
    ...(vapid === undefined ? [] : [webPushBrowsers({ vapid })]),
    pushGateways(vapid === undefined ? {} : { webpush: webPushGateway }, snsGateway),
  ];
};

const vapidOf = async (config: AwsConfig): Promise<Vapid | undefined> => {
  const { vapidSecretId } = config;
  if (vapidSecretId === undefined) return undefined;
  const client = new SecretsManagerClient(clientOptions(config));
  const vapid = await fetchSecretFields(client, vapidSecretId, ['subject', 'publicKey', 'privateKey']);
  if (isVapidPair(vapid)) return vapid;
  throw new ConfigError([`FANFARE_VAPID_SECRET_ID: expected a secret with a pair of keys, found others`]);
};
