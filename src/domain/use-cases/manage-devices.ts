import type { Clock } from '../../ports/clock.ts';
import type { DeviceStore } from '../../ports/device-store.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Device, DeviceId, Platform } from '../device.ts';
import { deviceId, MAX_DEVICES } from '../device.ts';
import { requireToken } from '../device-token.ts';
import { FanfareError } from '../errors.ts';
import type { Identity } from '../identity.ts';
import { requireUser } from '../identity.ts';
import type { UserId } from '../ids.ts';

export interface RegisterCommand {
  readonly identity: Identity;
  readonly user: UserId;
  readonly platform: Platform;
  readonly token: string;
  readonly label?: string;
}

/** Users' devices; everyone sees and changes their own, an admin all. */
export class ManageDevices {
  readonly #ports: ManageDevicesPorts;

  constructor(ports: ManageDevicesPorts) {
    this.#ports = ports;
  }

  /**
   * Registering what is registered already refreshes it. A device that another user had signed in on leaves them.
   *
   * @throws FanfareError `forbidden` for another's, `invalid` for a token that is none of the platform's,
   *   `limit-exceeded` when the user has `MAX_DEVICES`
   */
  async register({ identity, user, platform, token, label }: RegisterCommand): Promise<{
    readonly device: Device;
    readonly known: boolean;
  }> {
    requireUser(identity, user);
    const { devices, clock, ids, logger } = this.#ports;
    const now = clock.now();
    const registered = await devices.register(
      {
        id: deviceId(`dev_${ids.next()}`),
        user,
        platform,
        token: requireToken(platform, token),
        ...(label === undefined ? {} : { label }),
        createdAt: now,
        refreshedAt: now,
      },
      MAX_DEVICES,
    );
    if (registered.status === 'full')
      throw new FanfareError('limit-exceeded', `a user can have ${MAX_DEVICES} devices: remove one first`);
    const { device } = registered;
    if (registered.status === 'moved')
      logger.info('device.moved', { deviceId: device.id, from: registered.from, to: user });
    return { device, known: registered.status === 'refreshed' };
  }

  /** @throws FanfareError `forbidden` for another's, `not-found` for one that is not this user's, `invalid` for a token of another platform */
  async refresh(
    identity: Identity,
    { user, id, token, label }: Pick<Device, 'user' | 'id' | 'token'> & Partial<Pick<Device, 'label'>>,
  ): Promise<Device> {
    const { platform } = await this.find(identity, user, id);
    const to = {
      token: requireToken(platform, token),
      refreshedAt: this.#ports.clock.now(),
      ...(label === undefined ? {} : { label }),
    };
    const refreshed = await this.#ports.devices.refresh(user, id, to);
    return refreshed?.device ?? missing(id);
  }

  /** In the order in which they were added. @throws FanfareError `forbidden` for another's */
  async list(identity: Identity, user: UserId): Promise<readonly Device[]> {
    requireUser(identity, user);
    return this.#ports.devices.list(user);
  }

  /** @throws FanfareError `forbidden` for another's, `not-found` for one that is not this user's */
  async find(identity: Identity, user: UserId, id: DeviceId): Promise<Device> {
    requireUser(identity, user);
    return (await this.#ports.devices.find(user, id)) ?? missing(id);
  }

  /** @throws FanfareError `forbidden` for another's, `not-found` for one that is not this user's */
  async remove(identity: Identity, user: UserId, id: DeviceId): Promise<void> {
    requireUser(identity, user);
    if (!(await this.#ports.devices.remove(user, id))) missing(id);
  }
}

export interface ManageDevicesPorts {
  readonly devices: DeviceStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
}

const missing = (id: DeviceId): never => {
  throw new FanfareError('not-found', `there is no device ${id}`, { field: 'deviceId' });
};
