import { expect } from 'vitest';
import type { Device } from '../../src/domain/device.ts';
import { messageId, notificationId } from '../../src/domain/ids.ts';
import type { AlertPush } from '../../src/domain/push.ts';
import type { PushGateway } from '../../src/ports/push-gateway.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

/** What a device has been told, in its own words. */
export type Told =
  | {
      readonly kind: 'alert';
      readonly title: string;
      readonly body?: string;
      readonly messageId: string;
      readonly collapseId: string;
      readonly badge: number;
    }
  | { readonly kind: 'withdraw'; readonly collapseIds: readonly string[]; readonly badge: number };

export interface PushFixture extends Fixture<PushGateway> {
  /** Another one each time. */
  aDevice(): Device;
  /** Everything that was sent to it, the first first. */
  toldTo(device: Device): Promise<readonly Told[]>;
  /** Its service will know no such token any more. */
  uninstall(device: Device): Promise<void>;
  /** Its service has trouble, and then not; there without `lacks.trouble`. */
  trouble?(device: Device, isBusy: boolean): Promise<void>;
}

export const anAlert = (
  fixture: Pick<PushFixture, 'clock'>,
  notification: Partial<AlertPush['notification']> = {},
  push: Partial<AlertPush> = {},
): AlertPush => ({
  kind: 'alert',
  messageId: messageId('n1.user:alice'),
  notification: { id: notificationId('n1'), title: 'Shipped', priority: 'normal', ...notification },
  collapseId: 'n1',
  badge: 3,
  expiresAt: fixture.clock.now() + 3_600_000,
  ...push,
});

export const pushGatewayContract = (harness: Harness<PushFixture>): void =>
  contract('PushGateway', harness, promises => {
    promises('a device is told what it shall show, and under which id', async open => {
      const fixture = await open();
      const device = fixture.aDevice();
      const push = anAlert(fixture, { title: 'Grüße "🎉"', body: 'It arrives\non Tuesday <b>' });
      expect(await fixture.port.push(device, push)).toMatchObject({ status: 'delivered' });
      const { title, body } = push.notification;
      const { messageId: id, collapseId, badge } = push;
      expect(await fixture.toldTo(device)).toEqual([
        { kind: 'alert', title, body, messageId: id, collapseId, badge },
      ]);
    });

    promises('what has no body is told without one', async open => {
      const fixture = await open();
      const device = fixture.aDevice();
      await fixture.port.push(device, anAlert(fixture));
      expect((await fixture.toldTo(device))[0]).not.toHaveProperty('body');
    });

    promises('what is taken back is named, with what is unread since', async open => {
      const fixture = await open();
      const device = fixture.aDevice();
      await fixture.port.push(device, anAlert(fixture));
      const withdrawal = { kind: 'withdraw', collapseIds: ['n1', 'n0'], badge: 2 } as const;
      expect(await fixture.port.push(device, withdrawal)).toMatchObject({ status: 'delivered' });
      expect((await fixture.toldTo(device)).slice(1)).toEqual([withdrawal]);
    });

    promises('of a body of any length, what fits is told', async open => {
      const fixture = await open();
      const device = fixture.aDevice();
      const body = 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich 👨‍👩‍👧‍👦. '.repeat(500);
      expect(await fixture.port.push(device, anAlert(fixture, { body }))).toMatchObject({
        status: 'delivered',
      });
      const [told] = await fixture.toldTo(device);
      const shown = told?.kind === 'alert' ? (told.body ?? '') : '';
      expect(shown.length).toBeGreaterThan(500);
      expect(body.startsWith(shown.replace(/…$/, ''))).toBe(true);
    });

    promises('data of any size costs nobody the rest', async open => {
      const fixture = await open();
      const device = fixture.aDevice();
      const data = { items: Array.from({ length: 1_000 }, (_, id) => ({ id })) };
      await fixture.port.push(device, anAlert(fixture, { body: 'Two parcels', data }));
      expect((await fixture.toldTo(device))[0]).toMatchObject({ title: 'Shipped', body: 'Two parcels' });
    });

    promises('a token that is no good any more is dead', async open => {
      const fixture = await open();
      const device = fixture.aDevice();
      await fixture.port.push(device, anAlert(fixture));
      await fixture.uninstall(device);
      expect(await fixture.port.push(device, anAlert(fixture))).toMatchObject({ status: 'dead' });
    });

    promises('trouble with one device passes, and is none of the others', ['trouble'], async open => {
      const fixture = await open();
      const [device, other] = [fixture.aDevice(), fixture.aDevice()];
      await fixture.trouble?.(device, true);
      expect(await fixture.port.push(device, anAlert(fixture))).toMatchObject({ status: 'failed' });
      expect(await fixture.port.push(other, anAlert(fixture))).toMatchObject({ status: 'delivered' });
      await fixture.trouble?.(device, false);
      expect(await fixture.port.push(device, anAlert(fixture))).toMatchObject({ status: 'delivered' });
    });

    promises('many at a time each get their own', async open => {
      const fixture = await open();
      const devices = Array.from({ length: 20 }, () => fixture.aDevice());
      const outcomes = await Promise.all(
        devices.map((device, index) =>
          fixture.port.push(device, anAlert(fixture, { title: `for ${index}` })),
        ),
      );
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['delivered']));
      const told = await Promise.all(devices.map(device => fixture.toldTo(device)));
      expect(told.map(each => each.map(entry => entry.kind === 'alert' && entry.title))).toEqual(
        devices.map((_, index) => [`for ${index}`]),
      );
    });
  });
