import type { Device, Platform } from '../../domain/device.ts';
import type { Push, PushOutcome } from '../../domain/push.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';

/** Hands each push to the gateway of its device's platform. */
export class PushGatewayByPlatform implements PushGateway {
  readonly #gateways: Readonly<Record<Platform, PushGateway>>;

  constructor(gateways: Readonly<Record<Platform, PushGateway>>) {
    this.#gateways = gateways;
  }

  push(device: Device, push: Push): Promise<PushOutcome> {
    return this.#gateways[device.platform].push(device, push);
  }
}
