import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SnsPushGateway } from '../../src/adapters/aws/push/sns-push-gateway.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { Device } from '../../src/domain/device.ts';
import { anAlert } from '../contract/push-gateway.contract.ts';
import { aStubbedGateway } from '../support/stubbed-sns.ts';

const HOUR_MS = 3_600_000;

describe('What is published', () => {
  const published = async (platform: Device['platform'], push: Parameters<SnsPushGateway['push']>[1]) => {
    const { sns, gateway, aDevice } = aStubbedGateway();
    await gateway.push(aDevice({ platform }), push);
    const { message = {}, attributes } = sns.published[0] ?? {};
    const { default: unused, ...structure } = message;
    const [[name, text = ''] = []] = Object.entries(structure);
    return { name, payload: JSON.parse(text), attributes, bytes: Buffer.byteLength(text) };
  };
  const clock = new ManualClock();
  const shipped = anAlert(
    { clock },
    { body: 'On Tuesday', data: { order: 7 }, category: 'orders' },
    { unsubscribeUrl: 'https://example.com/u', collapseId: 'order-7', expiresAt: clock.now() + HOUR_MS },
  );
  const fanfare = {
    messageId: shipped.messageId,
    collapseId: 'order-7',
    category: 'orders',
    data: { order: 7 },
    unsubscribeUrl: 'https://example.com/u',
  };

  test.each([
    ['apns', 'APNS'],
    ['apns_sandbox', 'APNS_SANDBOX'],
  ] as const)('to Apple is an alert of its own: %s', async (platform, name) => {
    expect(await published(platform, shipped)).toMatchObject({
      name,
      payload: {
        aps: {
          alert: { title: 'Shipped', body: 'On Tuesday' },
          badge: 3,
          sound: 'default',
          'thread-id': 'orders',
        },
        fanfare,
      },
      attributes: {
        [`AWS.SNS.MOBILE.${name}.TTL`]: '3600',
        'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'alert',
        'AWS.SNS.MOBILE.APNS.PRIORITY': '10',
        'AWS.SNS.MOBILE.APNS.COLLAPSE_ID': 'order-7',
      },
    });
  });

  test('to Google is a message of version 1, of which all data are strings', async () => {
    const { name, payload, attributes } = await published('fcm', shipped);
    const { message } = payload.fcmV1Message;
    expect([name, attributes]).toEqual(['GCM', { 'AWS.SNS.MOBILE.FCM.TTL': '3600' }]);
    expect(message).toMatchObject({
      notification: { title: 'Shipped', body: 'On Tuesday' },
      android: {
        priority: 'HIGH',
        ttl: '3600s',
        collapse_key: 'order-7',
        notification: { tag: 'order-7', notification_count: 3 },
      },
    });
    expect(Object.keys(message.data)).toEqual(['fanfare']);
    expect(JSON.parse(message.data.fanfare)).toEqual({ ...fanfare, badge: 3 });
  });

  test('with a low priority does not wake a phone', async () => {
    const low = anAlert({ clock }, { priority: 'low' });
    expect((await published('apns', low)).attributes).toMatchObject({ 'AWS.SNS.MOBILE.APNS.PRIORITY': '5' });
    expect((await published('fcm', low)).payload.fcmV1Message.message.android.priority).toBe('NORMAL');
  });

  test('to take something back is silent', async () => {
    const back = { kind: 'withdraw', collapseIds: ['order-7'], badge: 2 } as const;
    expect(await published('apns', back)).toMatchObject({
      payload: { aps: { 'content-available': 1 }, fanfare: { withdraw: ['order-7'], badge: 2 } },
      attributes: { 'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'background', 'AWS.SNS.MOBILE.APNS.PRIORITY': '5' },
    });
    const { message } = (await published('fcm', back)).payload.fcmV1Message;
    expect(message).not.toHaveProperty('notification');
    expect(JSON.parse(message.data.fanfare)).toEqual({ withdraw: ['order-7'], badge: 2 });
  });

  test.each(['Grüße', 'ä'.repeat(64), 'a b', 'x\r\ny'])(
    'to Apple under an id that no header takes is the same in alert and withdrawal: %j',
    async collapseId => {
      const { payload, attributes } = await published('apns', anAlert({ clock }, {}, { collapseId }));
      const id = attributes?.['AWS.SNS.MOBILE.APNS.COLLAPSE_ID'];
      expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(payload.fanfare.collapseId).toBe(id);
      const back = await published('apns', { kind: 'withdraw', collapseIds: [collapseId], badge: 0 });
      expect(back.payload.fanfare.withdraw).toEqual([id]);
    },
  );

  test('never takes more than 4 KB, whatever is said', async () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 3_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('apns' as const, 'fcm' as const),
        fc.string({ unit: 'grapheme', maxLength: 100 }),
        words,
        fc.option(words),
        async (platform, title, body, data) => {
          const said = { title, body, ...(data === null ? {} : { data }) };
          expect((await published(platform, anAlert({ clock }, said))).bytes).toBeLessThanOrEqual(4_096);
        },
      ),
    );
  });

  test('is refused, with its size, when not even the title fits', async () => {
    const { sns, gateway, aDevice } = aStubbedGateway();
    const outcome = await gateway.push(aDevice(), anAlert({ clock }, { title: 'x'.repeat(5_000) }));
    expect(outcome).toMatchObject({
      status: 'refused',
      cause: expect.stringMatching(/^it takes 5\d\d\d bytes, and apns takes 4096$/),
    });
    expect(sns.calls).toEqual([]);
  });
});
