import { expect } from 'vitest';
import type { ConnectionId, UserId } from '../../src/domain/ids.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { PresenceStore } from '../../src/ports/presence-store.ts';
import { aChannel } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const LOBBY = aChannel('room:lobby');
const [ALICE, BOB] = [userId('alice'), userId('bob')];
const [PHONE, LAPTOP] = [connectionId('phone='), connectionId('laptop=')];
const HOUR_MS = 3_600_000;

export const presenceStoreContract = (harness: Harness<Fixture<PresenceStore>>): void =>
  contract('PresenceStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [withDevices(await open()), withDevices(await open())];
      await one.enter(ALICE, PHONE);
      expect(await other.port.list(LOBBY, 100)).toEqual({ count: 0, users: [] });
    });

    promises('a user joins with the first device, and not with another or the same again', async open => {
      const { enter, port } = withDevices(await open());
      expect(await enter(ALICE, PHONE)).toBe('joined');
      expect(await enter(ALICE, PHONE)).toBe('present');
      expect(await enter(ALICE, LAPTOP)).toBe('present');
      expect(await port.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 2 }] });
    });

    promises('of many devices at once, one makes its user join', async open => {
      const { enter, port } = withDevices(await open());
      const devices = Array.from({ length: 8 }, (_, n) => connectionId(`device-${n}=`));
      const outcomes = await Promise.all(devices.map(device => enter(ALICE, device)));
      expect(outcomes.filter(outcome => outcome === 'joined')).toHaveLength(1);
      expect(await port.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 8 }] });
    });

    promises('a user whose last device goes is settled once, and then joins anew', async open => {
      const { enter, leave, port } = withDevices(await open());
      await enter(ALICE, PHONE);
      await enter(ALICE, LAPTOP);
      expect(await leave(ALICE, PHONE)).toBe('present');
      expect(await leave(ALICE, LAPTOP)).toBe('last');
      expect(await port.list(LOBBY, 100)).toEqual({ count: 0, users: [] });
      expect(await port.settle(LOBBY, ALICE)).toBe('left');
      expect(await port.settle(LOBBY, ALICE)).toBe('present');
      expect(await enter(ALICE, PHONE)).toBe('joined');
    });

    promises('a user who is back before being settled never left', async open => {
      const { enter, leave, port } = withDevices(await open());
      await enter(ALICE, PHONE);
      expect(await leave(ALICE, PHONE)).toBe('last');
      expect(await enter(ALICE, LAPTOP)).toBe('present');
      expect(await port.settle(LOBBY, ALICE)).toBe('present');
      expect(await port.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 1 }] });
    });

    promises('leaving again says the same again, and leaving without having entered is fine', async open => {
      const { enter, leave } = withDevices(await open());
      expect(await leave(ALICE, PHONE)).toBe('present');
      await enter(ALICE, PHONE);
      expect(await leave(ALICE, PHONE)).toBe('last');
      expect(await leave(ALICE, PHONE)).toBe('last');
    });

    promises('users and channels are counted for themselves', async open => {
      const { enter, leave, port, deviceOf } = withDevices(await open());
      const other = aChannel('room:other');
      await enter(ALICE, PHONE);
      await enter(BOB, LAPTOP);
      await port.enter(other, deviceOf(BOB, LAPTOP));
      await leave(ALICE, PHONE);
      expect(await port.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: BOB, devices: 1 }] });
      expect(await port.list(other, 100)).toEqual({ count: 1, users: [{ user: BOB, devices: 1 }] });
    });

    promises(
      'a device whose time is over is gone, whether or not anybody said so',
      ['manual-time'],
      async open => {
        const fixture = await open();
        const { enter, port } = withDevices(fixture);
        await enter(ALICE, PHONE, 60_000);
        await enter(ALICE, LAPTOP, 120_000);
        await enter(BOB, PHONE, 60_000);
        await fixture.advance(60_000);
        expect(await port.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 1 }] });
        await fixture.advance(60_000);
        expect(await port.list(LOBBY, 100)).toEqual({ count: 0, users: [] });
        expect(await port.settle(LOBBY, ALICE)).toBe('left');
      },
    );

    promises('of too many users there is the count alone', async open => {
      const { enter, port } = withDevices(await open());
      for (let n = 0; n < 12; n += 1) await enter(userId(`user-${n}`), connectionId(`device-${n}=`));
      expect(await port.list(LOBBY, 11)).toEqual({ count: 12 });
      expect((await port.list(LOBBY, 12)).users).toHaveLength(12);
    });

    promises(
      'what one instance writes, another over the same storage sees',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const { enter, deviceOf } = withDevices(fixture);
        const twin = await twinOf(fixture);
        await enter(ALICE, PHONE);
        expect(await twin.enter(LOBBY, deviceOf(ALICE, LAPTOP))).toBe('present');
        expect(await twin.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 2 }] });
      },
    );
  });

const withDevices = ({ port, clock }: Fixture<PresenceStore>) => {
  const deviceOf = (user: UserId, id: ConnectionId, forMs = HOUR_MS) => ({
    user,
    connectionId: id,
    expiresAt: clock.now() + forMs,
  });
  return {
    port,
    deviceOf,
    enter: (user: UserId, id: ConnectionId, forMs?: number) => port.enter(LOBBY, deviceOf(user, id, forMs)),
    leave: (user: UserId, id: ConnectionId) => port.leave(LOBBY, { user, connectionId: id }),
  };
};
