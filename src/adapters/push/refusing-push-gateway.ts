import type { Device } from '../../domain/device.ts';
import type { Push, PushOutcome } from '../../domain/push.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';

/** For platforms that a deployment has no credentials of: what nobody was told must not count as delivered. */
export class RefusingPushGateway implements PushGateway {
  async push({ platform }: Device, _push: Push): Promise<PushOutcome> {
    return { status: 'refused', cause: `this deployment has no credentials for ${platform}` };
  }
}
