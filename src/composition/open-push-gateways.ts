import type { ContainerModule } from 'inversify';
import type { Config } from './config.ts';
import type { PushServices } from './modules/push-gateways.ts';
import { pushGateways } from './modules/push-gateways.ts';
import { LOCAL_TOKENS, PUSH_TOKENS } from './tokens.ts';

/**
 * What tells devices: browsers by their push services where there are keys for that, phones by SNS where it has
 * applications. The code of either is loaded where it is needed, since it would take a start as long as much of the rest.
 */
export const openPushGateways = async (config: Config): Promise<readonly ContainerModule[]> => {
  const { webPush, pushApplications } = config;
  const modules: ContainerModule[] = [];
  const phones = Object.keys(pushApplications);
  if (phones.length > 0) modules.push((await import('./modules/sns-phones.ts')).snsPhones(config));
  if (webPush !== undefined)
    modules.push((await import('./modules/web-push-browsers.ts')).webPushBrowsers(webPush));
  const services: PushServices = {
    ...Object.fromEntries(phones.map(platform => [platform, PUSH_TOKENS.snsGateway])),
    ...(webPush === undefined ? {} : { webpush: PUSH_TOKENS.webPushGateway }),
  };
  return [...modules, localPushGateways(config, services)];
};

/**
 * Platforms without a service have virtual phones; in production, where those would only hide what is missing, they are
 * refused.
 */
export const localPushGateways = (
  { production }: Pick<Config, 'production'>,
  services: PushServices = {},
): ContainerModule => pushGateways(services, production ? PUSH_TOKENS.refusing : LOCAL_TOKENS.phones);
