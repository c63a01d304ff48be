import type { ContainerModule } from 'inversify';
import { Container } from 'inversify';
import type { TokenKeys } from '../adapters/jose/jwt-token-verifier.ts';
import { DEFAULT_DELIVERY_POLICY } from '../domain/delivery-policy.ts';
import type { Config } from './config.ts';
import { cron } from './modules/cron.ts';
import { drivers } from './modules/drivers.ts';
import { frames } from './modules/frames.ts';
import { handshakes } from './modules/handshakes.ts';
import { localGateway } from './modules/local-gateway.ts';
import { memory } from './modules/memory.ts';
import { memoryCaching } from './modules/memory-caching.ts';
import { memoryStores } from './modules/memory-stores.ts';
import { people } from './modules/people.ts';
import { pushing } from './modules/pushing.ts';
import { scheduling } from './modules/scheduling.ts';
import { system } from './modules/system.ts';
import { useCases } from './modules/use-cases.ts';
import { localPushGateways } from './open-push-gateways.ts';

/**
 * One process with everything in it.
 *
 * @param stores of what outlives a request
 * @param caching of limits and cached values
 * @param gateways of what tells devices
 */
export const composeLocal = (
  config: Config,
  keys: TokenKeys,
  stores: ContainerModule = memoryStores,
  caching: ContainerModule = memoryCaching,
  gateways: readonly ContainerModule[] = [localPushGateways(config)],
): Container => {
  const container = new Container();
  const { tokenInQuery } = config.auth;
  container.load(
    system(config),
    memory(config),
    stores,
    caching,
    cron,
    scheduling,
    people,
    ...pushing,
    ...gateways,
    useCases(DEFAULT_DELIVERY_POLICY),
    handshakes({ tokenInQuery, longestLifeMs: config.quotas.lifeMs }),
    frames(config.limits.frames),
    localGateway(config),
    drivers(config, keys),
  );
  return container;
};

/** The gateway alone: what happens on its sockets goes to functions. */
export const composeGateway = (config: Config): Container => {
  const container = new Container();
  container.load(system(config), localGateway(config));
  return container;
};
