import type { SNSClient } from '@aws-sdk/client-sns';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Device, MobilePlatform } from '../../../domain/device.ts';
import { causeOf } from '../../../domain/errors.ts';
import type { Push, PushOutcome } from '../../../domain/push.ts';
import type { Cache } from '../../../ports/cache.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { PushGateway } from '../../../ports/push-gateway.ts';
import { PlatformEndpoints } from './platform-endpoints.ts';
import type { SnsMessage } from './sns-messages.ts';
import { MAX_PAYLOAD_BYTES, snsMessage } from './sns-messages.ts';
import { isDisabledEndpoint, isNotFound, outcomeOf } from './sns-outcomes.ts';

export interface SnsPushGatewayOptions {
  readonly client: SNSClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** ARNs of endpoints. It must not reject; see `LenientCache`. */
  readonly cache: Cache<string>;
  /** ARNs of the platform applications that there are. */
  readonly applications: Readonly<Partial<Record<MobilePlatform, string>>>;
}

/** Under the 15 s that the port promises, with all of the SDK's own attempts. */
const BUDGET_MS = 14_000;

/** By SNS to Apple's and Google's phones. That SNS has taken a push is what `delivered` says. */
export class SnsPushGateway implements PushGateway {
  readonly #options: SnsPushGatewayOptions;
  readonly #endpoints: PlatformEndpoints;

  constructor(options: SnsPushGatewayOptions) {
    this.#options = options;
    this.#endpoints = new PlatformEndpoints(options);
  }

  async push(device: Device, push: Push): Promise<PushOutcome> {
    const { applications, clock } = this.#options;
    const { platform } = device;
    const application = platform === 'webpush' ? undefined : applications[platform];
    if (platform === 'webpush' || application === undefined) {
      return { status: 'refused', cause: `there is no platform application for ${platform}` };
    }
    const message = snsMessage(platform, push, clock.now());
    if ('tooLarge' in message) {
      const cause = `it takes ${message.tooLarge} bytes, and ${platform} takes ${MAX_PAYLOAD_BYTES}`;
      return { status: 'refused', cause };
    }
    try {
      return await this.#publish(application, device, message, AbortSignal.timeout(BUDGET_MS));
    } catch (error) {
      const { ours, ...outcome } = outcomeOf(error);
      if (ours) this.#options.logger.error('push.refused', { platform, cause: causeOf(error) });
      return outcome;
    }
  }

  async #publish(
    application: string,
    device: Device,
    message: SnsMessage,
    signal: AbortSignal,
    again = true,
  ): Promise<PushOutcome> {
    let arn: string | undefined;
    try {
      const endpoint = await this.#endpoints.endpointOf(application, device, signal);
      arn = endpoint.arn;
      if (endpoint.isRefused) return await this.#bury(application, device, arn, signal);
      const command = new PublishCommand({ TargetArn: arn, MessageStructure: 'json', ...message });
      const { MessageId } = await this.#options.client.send(command, { abortSignal: signal });
      return { status: 'delivered', ...(MessageId === undefined ? {} : { providerId: MessageId }) };
    } catch (error) {
      if (isDisabledEndpoint(error) && arn !== undefined) {
        return this.#bury(application, device, arn, signal);
      }
      // Somebody deleted the endpoint that was remembered, or found.
      if (!isNotFound(error) || !again) throw error;
      await this.#endpoints.forget(application, device);
      return this.#publish(application, device, message, signal, false);
    }
  }

  /** The token is dead whether or not the endpoint can be deleted. */
  async #bury(
    application: string,
    device: Device,
    endpoint: string,
    signal: AbortSignal,
  ): Promise<PushOutcome> {
    await this.#endpoints.forget(application, device);
    try {
      await this.#endpoints.delete(endpoint, signal);
    } catch (error) {
      this.#options.logger.warn('push.endpoint-left', { platform: device.platform, cause: causeOf(error) });
    }
    return { status: 'dead', reason: 'the platform has refused the token' };
  }
}
