import type { ContainerModule } from 'inversify';
import type { Platform } from '../domain/device.ts';
import type { PushGateway } from '../ports/push-gateway.ts';
import type { Config } from './config.ts';
import type { Token } from './injection.ts';
import { pushGateways } from './modules/push-gateways.ts';
import { PUSH_TOKENS } from './tokens.ts';

/** What tells devices. AWS's SDK is loaded where it is needed: most servers have no phones. */
export const openPushGateways = async (config: Config): Promise<readonly ContainerModule[]> => {
  const platforms = Object.keys(config.pushApplications) as Platform[];
  if (platforms.length === 0) return [pushGateways(config)];
  const { snsPhones } = await import('./modules/sns-phones.ts');
  const phones: Partial<Record<Platform, Token<PushGateway>>> = Object.fromEntries(
    platforms.map(platform => [platform, PUSH_TOKENS.snsGateway]),
  );
  return [snsPhones(config.pushApplications), pushGateways(config, phones)];
};
