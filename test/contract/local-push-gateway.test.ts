import { LocalPushGateway } from '../../src/adapters/local/local-push-gateway.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import type { Push } from '../../src/domain/push.ts';
import type { Told } from './push-gateway.contract.ts';
import { pushGatewayContract } from './push-gateway.contract.ts';

/** A virtual phone shows what stands on it now; of what it was told, this keeps a record. */
class RecordedPhones extends LocalPushGateway {
  readonly told = new Map<Device, Told[]>();

  override async push(device: Device, push: Push) {
    const outcome = await super.push(device, push);
    if (outcome.status === 'delivered')
      this.told.set(device, [...(this.told.get(device) ?? []), toldBy(push)]);
    return outcome;
  }
}

const toldBy = (push: Push): Told => {
  if (push.kind === 'withdraw') return push;
  const { title, body } = push.notification;
  const { kind, messageId, collapseId, badge } = push;
  return { kind, title, ...(body === undefined ? {} : { body }), messageId, collapseId, badge };
};

pushGatewayContract({
  name: 'LocalPushGateway',
  open: async () => {
    const clock = new ManualClock();
    const port = new RecordedPhones({ clock });
    let devices = 0;
    return {
      port,
      clock,
      advance: ms => clock.advance(ms),
      aDevice: () => ({
        id: deviceId(`d${++devices}`),
        user: userId('alice'),
        platform: 'fcm',
        token: `token ${devices}`,
        createdAt: 0,
        refreshedAt: 0,
      }),
      toldTo: async device => port.told.get(device) ?? [],
      uninstall: async device => port.become(device.id, 'uninstalled'),
      trouble: async (device, isBusy) => port.become(device.id, isBusy ? 'unreachable' : 'on'),
    };
  },
});
