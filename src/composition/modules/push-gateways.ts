import { ContainerModule } from 'inversify';
import { PushGatewayByPlatform } from '../../adapters/push/push-gateway-by-platform.ts';
import { RefusingPushGateway } from '../../adapters/push/refusing-push-gateway.ts';
import type { Platform } from '../../domain/device.ts';
import { PLATFORMS } from '../../domain/device.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';
import type { Token } from '../injection.ts';
import { singleton } from '../injection.ts';
import { PUSH_TOKENS } from '../tokens.ts';

/** What tells the devices of which platform. */
export type PushServices = Readonly<Partial<Record<Platform, Token<PushGateway>>>>;

/** Who is told by what. @param otherwise the gateway of platforms that no service is there for */
export const pushGateways = (services: PushServices, otherwise: Token<PushGateway>): ContainerModule =>
  new ContainerModule(options => {
    const { refusing, gateway } = PUSH_TOKENS;
    singleton(options, refusing, {}, () => new RefusingPushGateway());
    const needs = Object.fromEntries(PLATFORMS.map(platform => [platform, services[platform] ?? otherwise]));
    singleton(
      options,
      gateway,
      needs as Record<Platform, Token<PushGateway>>,
      gateways => new PushGatewayByPlatform(gateways),
    );
  });
