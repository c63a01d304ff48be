import { Container } from 'inversify';
import type { TokenKeys } from '../adapters/jose/jwt-token-verifier.ts';
import { DEFAULT_DELIVERY_POLICY } from '../domain/delivery-policy.ts';
import type { Config } from './config.ts';
import { drivers } from './modules/drivers.ts';
import { memory } from './modules/memory.ts';
import { system } from './modules/system.ts';
import { useCases } from './modules/use-cases.ts';

/** One process with everything in it. */
export const composeLocal = (config: Config, keys: TokenKeys): Container => {
  const container = new Container();
  container.load(system(config), memory(config), useCases(DEFAULT_DELIVERY_POLICY), drivers(config, keys));
  return container;
};
