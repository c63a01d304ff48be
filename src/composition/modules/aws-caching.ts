import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ContainerModule } from 'inversify';
import { fetchSecret } from '../../adapters/aws/fetch-secret.ts';
import type { Caches } from '../../adapters/caching/caches.ts';
import { NoCaches } from '../../adapters/caching/no-caches.ts';
import { PinoLogger } from '../../adapters/pino/pino-logger.ts';
import { RandomIds } from '../../adapters/system/random-ids.ts';
import { openValkey, whenReady } from '../../adapters/valkey/open-valkey.ts';
import { ValkeyCaches } from '../../adapters/valkey/valkey-caches.ts';
import { causeOf } from '../../domain/errors.ts';
import type { AwsConfig } from '../aws-config.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS } from '../tokens.ts';
import { clientOptions } from './aws-client.ts';

/** What the start of a function waits for the cache, which it can do without. */
const READY_WITHIN_MS = 500;

/** Shared by all functions, or none: a cache of one's own would not hear what another function changed. */
export const openAwsCaching = async (config: AwsConfig): Promise<ContainerModule> => {
  const caches = await cachesOf(config);
  return new ContainerModule(options => singleton(options, LOCAL_TOKENS.caches, {}, () => caches));
};

/** A function that cannot have the password starts without a cache. */
const cachesOf = async (config: AwsConfig): Promise<Caches> => {
  const { url, secretArn } = config.valkey;
  if (url === undefined) return new NoCaches();
  const logger = new PinoLogger({ level: config.logLevel });
  const signedIn = new URL(url);
  try {
    if (secretArn !== undefined) {
      const secret = await fetchSecret(new SecretsManagerClient(clientOptions(config)), secretArn);
      signedIn.password = encodeURIComponent(secret);
    }
  } catch (error) {
    logger.warn('valkey.no-password', { cause: causeOf(error) });
    return new NoCaches();
  }
  const client = openValkey({ url: signedIn, ids: new RandomIds(), logger });
  await whenReady(client, READY_WITHIN_MS);
  return new ValkeyCaches({ client });
};
