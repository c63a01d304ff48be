import { createHash } from 'node:crypto';
import type { SNSClient } from '@aws-sdk/client-sns';
import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  GetEndpointAttributesCommand,
  SetEndpointAttributesCommand,
} from '@aws-sdk/client-sns';
import type { Device } from '../../../domain/device.ts';
import type { Cache } from '../../../ports/cache.ts';
import { existingEndpoint } from './sns-outcomes.ts';

export interface PlatformEndpointsOptions {
  readonly client: SNSClient;
  /** It must not reject; see `LenientCache`. */
  readonly cache: Cache<string>;
}

/** Until when an endpoint is taken to be as it was found. What changes meanwhile, SNS tells when it is published to. */
const REMEMBER_MS = 24 * 3_600_000;

/**
 * SNS's endpoints of devices, in the way that AWS recommends: created, compared with what the app has, and enabled
 * again. https://docs.aws.amazon.com/sns/latest/dg/mobile-platform-endpoint.html
 *
 * SNS disables an endpoint when the platform refuses its token. That is enabled again only for an app that has told its
 * token since: the endpoint carries when it was told the last time. Otherwise a token that is dead would be tried again
 * each time the endpoint has been forgotten here, and never be known to be dead.
 */
export class PlatformEndpoints {
  readonly #options: PlatformEndpointsOptions;

  constructor(options: PlatformEndpointsOptions) {
    this.#options = options;
  }

  /** Rejects as SNS does. */
  async endpointOf(application: string, device: Device, signal: AbortSignal): Promise<Endpoint> {
    const { cache } = this.#options;
    const key = keyOf(application, device);
    const known = await cache.get(key);
    if (known !== undefined) return { arn: known, isRefused: false };
    const arn = await this.#create(application, device, signal);
    if (!(await this.#isEnabled(arn, device, signal))) return { arn, isRefused: true };
    await cache.set(key, arn, REMEMBER_MS);
    return { arn, isRefused: false };
  }

  /** The next call looks again. */
  async forget(application: string, device: Device): Promise<void> {
    await this.#options.cache.delete(keyOf(application, device));
  }

  /** One that is not there is deleted. */
  async delete(arn: string, signal: AbortSignal): Promise<void> {
    await this.#options.client.send(new DeleteEndpointCommand({ EndpointArn: arn }), { abortSignal: signal });
  }

  /** Or finds it: for a token there is one endpoint. */
  async #create(application: string, device: Device, signal: AbortSignal): Promise<string> {
    try {
      const command = new CreatePlatformEndpointCommand({
        PlatformApplicationArn: application,
        Token: device.token,
        CustomUserData: toldAt(device),
      });
      const { EndpointArn = '' } = await this.#options.client.send(command, { abortSignal: signal });
      return EndpointArn;
    } catch (error) {
      const existing = existingEndpoint(error);
      if (existing === undefined) throw error;
      return existing;
    }
  }

  /** Brings it up to date, unless the platform has refused what is up to date. */
  async #isEnabled(arn: string, device: Device, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const read = new GetEndpointAttributesCommand({ EndpointArn: arn });
    const { Attributes: found = {} } = await client.send(read, { abortSignal: signal });
    const isSame = found.Token === device.token && found.CustomUserData === toldAt(device);
    if (isSame) return found.Enabled !== 'false';
    const Attributes = { Token: device.token, Enabled: 'true', CustomUserData: toldAt(device) };
    await client.send(new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes }), {
      abortSignal: signal,
    });
    return true;
  }
}

export interface Endpoint {
  readonly arn: string;
  /** Whether the platform has refused the token since the app told it. */
  readonly isRefused: boolean;
}

/** When the app told its token, as the endpoint carries it. */
const toldAt = ({ refreshedAt }: Device): string => `told ${refreshedAt}`;

/** Neither the token nor anything that it could be found out from. */
const keyOf = (application: string, device: Device): string =>
  createHash('sha256')
    .update(`${application} ${device.token} ${toldAt(device)}`)
    .digest('base64url');
