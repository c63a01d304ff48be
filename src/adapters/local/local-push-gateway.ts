import type { Device, DeviceId } from '../../domain/device.ts';
import type { AlertPush, Push, PushOutcome } from '../../domain/push.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PushGateway } from '../../ports/push-gateway.ts';

/** What a virtual phone does with what it is sent. */
export type PhoneState =
  | 'on'
  /** Its service is busy. */
  | 'unreachable'
  /** Its token is dead. */
  | 'uninstalled';

export interface ShownAlert {
  /** ms since 1970 */
  readonly at: number;
  readonly push: AlertPush;
}

/** What one who takes the phone out of a pocket sees. */
export interface LockScreen {
  readonly state: PhoneState;
  /** The newest first. */
  readonly alerts: readonly ShownAlert[];
  readonly badge: number;
  /** How often it made a sound. */
  readonly buzzes: number;
}

const MAX_PHONES = 10_000;
const MAX_ALERTS = 50;

/** Shows pushes on virtual phones, which do what real ones would: replace, and take back. */
export class LocalPushGateway implements PushGateway {
  readonly #clock: Clock;
  /** The one heard of longest ago first. */
  readonly #phones = new Map<DeviceId, LockScreen>();

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  async push(device: Device, push: Push): Promise<PushOutcome> {
    const phone = this.look(device.id);
    switch (phone.state) {
      case 'unreachable':
        return { status: 'failed', cause: 'the virtual phone is unreachable' };
      case 'uninstalled':
        return { status: 'dead', reason: 'the app was removed from the virtual phone' };
      case 'on':
        this.#keep(device.id, push.kind === 'alert' ? this.#shown(phone, push) : withdrawn(phone, push));
        return { status: 'delivered', providerId: `virtual-${device.id}` };
    }
  }

  /** Of one that was never sent anything it is an empty one. */
  look(id: DeviceId): LockScreen {
    return this.#phones.get(id) ?? { state: 'on', alerts: [], badge: 0, buzzes: 0 };
  }

  become(id: DeviceId, state: PhoneState): void {
    this.#keep(id, { ...this.look(id), state });
  }

  #shown({ alerts, ...phone }: LockScreen, push: AlertPush): LockScreen {
    const others = alerts.filter(alert => alert.push.collapseId !== push.collapseId);
    return {
      ...phone,
      alerts: [{ at: this.#clock.now(), push }, ...others].slice(0, MAX_ALERTS),
      badge: push.badge,
      buzzes: phone.buzzes + 1,
    };
  }

  #keep(id: DeviceId, phone: LockScreen): void {
    this.#phones.delete(id);
    this.#phones.set(id, phone);
    for (const oldest of this.#phones.keys()) {
      if (this.#phones.size <= MAX_PHONES) return;
      this.#phones.delete(oldest);
    }
  }
}

const withdrawn = (
  phone: LockScreen,
  { collapseIds, badge }: Extract<Push, { kind: 'withdraw' }>,
): LockScreen => ({
  ...phone,
  alerts: phone.alerts.filter(({ push }) => !collapseIds.includes(push.collapseId)),
  badge,
});
