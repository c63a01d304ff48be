import { ContainerModule } from 'inversify';
import { PushServiceClient } from '../../adapters/web-push/push-service-client.ts';
import { WebPushGateway } from '../../adapters/web-push/web-push-gateway.ts';
import type { WebPush } from '../config.ts';
import { singleton } from '../injection.ts';
import { PUSH_TOKENS, TOKENS } from '../tokens.ts';

/** Browsers by their push services. */
export const webPushBrowsers = (webPush: WebPush): ContainerModule =>
  new ContainerModule(options => {
    const { clock, logger } = TOKENS;
    singleton(
      options,
      PUSH_TOKENS.webPushGateway,
      { clock, logger },
      parts => new WebPushGateway({ ...parts, ...webPush, client: new PushServiceClient() }),
    );
  });
