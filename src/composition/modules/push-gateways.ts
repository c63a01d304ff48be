import { ContainerModule } from 'inversify';
import { PushGatewayByPlatform } from '../../adapters/push/push-gateway-by-platform.ts';
import { RefusingPushGateway } from '../../adapters/push/refusing-push-gateway.ts';
import { PushServiceClient } from '../../adapters/web-push/push-service-client.ts';
import { WebPushGateway } from '../../adapters/web-push/web-push-gateway.ts';
import type { Platform } from '../../domain/device.ts';
import { PLATFORMS } from '../../domain/device.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';
import type { Config } from '../config.ts';
import type { Token } from '../injection.ts';
import { singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** What tells the devices of one platform, made when the rest of the server is. */
export type PhoneService = Partial<Record<Platform, Token<PushGateway>>>;

/**
 * Who is told by what: browsers by their push services where there are keys for that, phones by SNS where it has
 * applications. The rest are virtual phones; in production, where they would only hide what is missing, they are refused.
 *
 * @param phones platforms for which there is an SNS application
 */
export const pushGateways = (
  { webPush, production }: Pick<Config, 'webPush' | 'production'>,
  phones: PhoneService = {},
): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger } = TOKENS;
    const { webPushGateway, refusing, gateway } = PUSH_TOKENS;
    singleton(options, refusing, {}, () => new RefusingPushGateway());
    if (webPush !== undefined)
      singleton(
        options,
        webPushGateway,
        { clock, logger },
        parts => new WebPushGateway({ ...parts, ...webPush, client: new PushServiceClient() }),
      );
    const otherwise: Token<PushGateway> = production ? refusing : LOCAL_TOKENS.phones;
    const real: PhoneService = { ...phones, ...(webPush === undefined ? {} : { webpush: webPushGateway }) };
    const needs = Object.fromEntries(PLATFORMS.map(platform => [platform, real[platform] ?? otherwise]));
    singleton(
      options,
      gateway,
      needs as Record<Platform, Token<PushGateway>>,
      gateways => new PushGatewayByPlatform(gateways),
    );
  });
