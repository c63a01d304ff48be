import { ContainerModule } from 'inversify';
import { PushGatewayByPlatform } from '../../adapters/push/push-gateway-by-platform.ts';
import { PushServiceClient } from '../../adapters/web-push/push-service-client.ts';
import { WebPushGateway } from '../../adapters/web-push/web-push-gateway.ts';
import type { WebPush } from '../config.ts';
import { alias, singleton } from '../injection.ts';
import { LOCAL_TOKENS, PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** Who is told by what: browsers by their push services where there are keys for that, the rest as virtual phones. */
export const pushGateways = (webPush: WebPush | undefined): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger } = TOKENS;
    const { phones } = LOCAL_TOKENS;
    if (webPush === undefined) return alias(options, PUSH_TOKENS.gateway, phones);
    singleton(options, PUSH_TOKENS.gateway, { phones, clock, logger }, ({ phones: virtual, ...parts }) => {
      const webpush = new WebPushGateway({ ...parts, ...webPush, client: new PushServiceClient() });
      return new PushGatewayByPlatform({ apns: virtual, apns_sandbox: virtual, fcm: virtual, webpush });
    });
  });
