import { describe, expect, test } from 'vitest';
import { LocalPushGateway } from '../../src/adapters/local/local-push-gateway.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { messageId, notificationId, userId } from '../../src/domain/ids.ts';
import type { AlertPush } from '../../src/domain/push.ts';

const phone: Device = {
  id: deviceId('phone'),
  user: userId('alice'),
  platform: 'fcm',
  token: 'token',
  createdAt: 0,
  refreshedAt: 0,
};

const anAlert = (collapseId: string, set: Partial<AlertPush> = {}): AlertPush => ({
  kind: 'alert',
  messageId: messageId(collapseId),
  notification: { id: notificationId(collapseId), title: collapseId, priority: 'normal' },
  collapseId,
  badge: 1,
  expiresAt: Number.POSITIVE_INFINITY,
  ...set,
});

const open = () => {
  const clock = new ManualClock();
  const gateway = new LocalPushGateway({ clock });
  const shown = () => gateway.look(phone.id).alerts.map(({ push }) => push.notification.title);
  return { gateway, shown };
};

describe('A virtual phone', () => {
  test('buzzes for each alert and shows the newest first', async () => {
    const { gateway, shown } = open();
    expect(gateway.look(phone.id)).toEqual({ state: 'on', alerts: [], badge: 0, buzzes: 0 });
    for (const id of ['one', 'two']) await gateway.push(phone, anAlert(id, { badge: 7 }));
    expect(shown()).toEqual(['two', 'one']);
    expect(gateway.look(phone.id)).toMatchObject({ buzzes: 2, badge: 7 });
  });

  test('shows the later of two with one collapse id in the place of the earlier', async () => {
    const { gateway, shown } = open();
    await gateway.push(phone, anAlert('order'));
    await gateway.push(phone, anAlert('other'));
    await gateway.push(phone, anAlert('order'));
    expect(shown()).toEqual(['order', 'other']);
  });

  test('takes back without a sound what was read elsewhere', async () => {
    const { gateway, shown } = open();
    for (const id of ['one', 'two']) await gateway.push(phone, anAlert(id));
    await gateway.push(phone, { kind: 'withdraw', collapseIds: ['one'], badge: 0 });
    expect(shown()).toEqual(['two']);
    expect(gateway.look(phone.id)).toMatchObject({ buzzes: 2, badge: 0 });
  });

  test('shows nothing while it is unreachable, or the app is gone', async () => {
    const { gateway, shown } = open();
    gateway.become(phone.id, 'unreachable');
    expect(await gateway.push(phone, anAlert('lost'))).toMatchObject({ status: 'failed' });
    gateway.become(phone.id, 'uninstalled');
    expect(await gateway.push(phone, anAlert('lost'))).toMatchObject({ status: 'dead' });
    gateway.become(phone.id, 'on');
    await gateway.push(phone, anAlert('found'));
    expect(shown()).toEqual(['found']);
  });
});
