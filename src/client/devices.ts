import type { ApiOptions } from './http-api.ts';
import { UserApi } from './http-api.ts';

export type Platform = 'apns' | 'apns_sandbox' | 'fcm' | 'webpush';

/** A phone or a browser that is told what no open screen has shown. */
export interface Device {
  readonly id: string;
  readonly platform: Platform;
  readonly label?: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** ISO 8601 */
  readonly refreshedAt: string;
}

export interface DeviceRequest {
  readonly platform: Platform;
  /** What the platform gave the app. */
  readonly token: string;
  readonly label?: string;
}

/** What is needed of a service worker's registration. */
export interface PushRegistration {
  readonly pushManager: {
    subscribe(options: {
      readonly userVisibleOnly: boolean;
      readonly applicationServerKey: string;
    }): Promise<{ toJSON(): unknown }>;
  };
}

/** A user's devices, over HTTP. Everything throws FanfareError as the server has it. */
export class Devices {
  readonly #api: UserApi;

  constructor(options: ApiOptions) {
    this.#api = new UserApi(options);
  }

  /** In the order in which they were added. */
  async list(signal?: AbortSignal): Promise<readonly Device[]> {
    return (await this.#api.call<{ devices: readonly Device[] }>('/devices', { signal })).answer.devices;
  }

  /** Registering it again refreshes it, under the same id: an app does so each time it starts. */
  async register(device: DeviceRequest, signal?: AbortSignal): Promise<Device> {
    return (await this.#api.call<Device>('/devices', { method: 'POST', body: device, signal })).answer;
  }

  /**
   * Subscribes this browser and registers it. The browser asks its user, unless they have answered before.
   *
   * @param publicKey of the service's VAPID pair
   */
  async registerBrowser(
    registration: PushRegistration,
    publicKey: string,
    { label }: { readonly label?: string } = {},
  ): Promise<Device> {
    const options = { userVisibleOnly: true, applicationServerKey: publicKey };
    const subscription = await registration.pushManager.subscribe(options);
    const token = JSON.stringify(subscription.toJSON());
    return this.register({ platform: 'webpush', token, ...(label === undefined ? {} : { label }) });
  }

  /** Gives a device the token that its app now has. */
  async refresh(id: string, to: Omit<DeviceRequest, 'platform'>, signal?: AbortSignal): Promise<Device> {
    const path = `/devices/${encodeURIComponent(id)}`;
    return (await this.#api.call<Device>(path, { method: 'PUT', body: to, signal })).answer;
  }

  async remove(id: string, signal?: AbortSignal): Promise<void> {
    await this.#api.call(`/devices/${encodeURIComponent(id)}`, { method: 'DELETE', signal });
  }
}
