import { expect } from 'vitest';
import type { ConnectionId, UserId } from '../../src/domain/ids.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { Stay, Telling } from '../../src/domain/presence.ts';
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

    promises('a user joins until it is decided to tell it, and is counted by devices', async open => {
      const { enter, decide, port } = withDevices(await open());
      expect(await enter(ALICE, PHONE)).toBe('joined');
      expect(await enter(ALICE, PHONE)).toBe('joined');
      expect(await decide(ALICE, 'joined')).toBe(true);
      expect(await enter(ALICE, LAPTOP)).toBe('present');
      expect(await port.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 2 }] });
    });

    promises('of many decisions at once, one is kept', async open => {
      const { enter, port } = withDevices(await open());
      const devices = Array.from({ length: 8 }, (_, n) => connectionId(`device-${n}=`));
      await Promise.all(devices.map(device => enter(ALICE, device)));
      const stay = await found(port, ALICE);
      const decisions = devices.map(id => port.decide(LOBBY, ALICE, stay, { id, event: 'joined' }));
      expect((await Promise.all(decisions)).filter(kept => kept)).toHaveLength(1);
      expect((await found(port, ALICE)).devices.size).toBe(8);
    });

    promises('what is known of a user is told whole', async open => {
      const { enter, leave, decide, port, deviceOf, clock } = withDevices(await open());
      await enter(ALICE, PHONE);
      await enter(ALICE, LAPTOP);
      const before = clock.now();
      await leave(ALICE, PHONE);
      await decide(ALICE, 'joined', 'd-1');
      const { devices, leftAt, telling } = await found(port, ALICE);
      const { expiresAt } = deviceOf(ALICE, LAPTOP);
      expect([...devices.keys()]).toEqual([LAPTOP]);
      expect(Math.abs(Number(devices.get(LAPTOP)) - expiresAt)).toBeLessThan(60_000);
      expect(leftAt).toBeGreaterThanOrEqual(before);
      expect(telling).toEqual({ id: 'd-1', event: 'joined', told: false });
      expect(await port.find(LOBBY, BOB)).toBeUndefined();
    });

    promises('a decision is noted as told, unless another was made since', async open => {
      const { enter, leave, decide, port } = withDevices(await open());
      await enter(ALICE, PHONE);
      await decide(ALICE, 'joined', 'd-1');
      await port.told(LOBBY, ALICE, 'd-0');
      expect((await found(port, ALICE)).telling).toMatchObject({ id: 'd-1', told: false });
      await port.told(LOBBY, ALICE, 'd-1');
      await port.told(LOBBY, ALICE, 'd-1');
      expect((await found(port, ALICE)).telling).toMatchObject({ id: 'd-1', told: true });
      await leave(ALICE, PHONE);
      await decide(ALICE, 'left', 'd-2');
      await port.told(LOBBY, ALICE, 'd-1');
      expect((await found(port, ALICE)).telling).toEqual({ id: 'd-2', event: 'left', told: false });
      await port.told(LOBBY, BOB, 'd-1');
      expect(await port.find(LOBBY, BOB)).toBeUndefined();
    });

    promises('nothing is decided or forgotten after another write', async open => {
      const { enter, leave, port } = withDevices(await open());
      await enter(ALICE, PHONE);
      const telling = { id: 'd-1', event: 'left' } as const;
      for (const write of [
        () => enter(ALICE, LAPTOP),
        () => leave(ALICE, LAPTOP),
        () => enter(ALICE, PHONE),
      ]) {
        const stay = await found(port, ALICE);
        await write();
        expect(await port.decide(LOBBY, ALICE, stay, telling)).toBe(false);
        expect(await port.forget(LOBBY, ALICE, stay)).toBe(false);
      }
      expect((await found(port, ALICE)).telling).toBeUndefined();
    });

    promises('who is forgotten joins anew, and what was known before decides nothing', async open => {
      const fixture = await open();
      const { enter, leave, decide, port } = withDevices(fixture);
      await enter(ALICE, PHONE);
      await decide(ALICE, 'joined');
      await leave(ALICE, PHONE);
      expect(await port.list(LOBBY, 100)).toEqual({ count: 0, users: [] });
      const stay = await found(port, ALICE);
      await fixture.advance(100);
      expect(await port.forget(LOBBY, ALICE, stay)).toBe(true);
      expect(await port.find(LOBBY, ALICE)).toBeUndefined();
      for (let n = 0; n < 4; n += 1) {
        expect(await enter(ALICE, PHONE)).toBe('joined');
        expect(await port.decide(LOBBY, ALICE, stay, { id: 'd-9', event: 'left' })).toBe(false);
      }
    });

    promises('a user who is told to have left joins with the next device', async open => {
      const { enter, leave, decide } = withDevices(await open());
      await enter(ALICE, PHONE);
      await decide(ALICE, 'joined');
      await leave(ALICE, PHONE);
      await decide(ALICE, 'left');
      expect(await enter(ALICE, PHONE)).toBe('joined');
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
        expect((await found(port, ALICE)).devices.size).toBe(2);
      },
    );

    promises('of too many users there is the count alone', async open => {
      const { enter, port } = withDevices(await open());
      for (let n = 0; n < 12; n += 1) await enter(userId(`user-${n}`), connectionId(`device-${n}=`));
      expect(await port.list(LOBBY, 11)).toEqual({ count: 12 });
      expect((await port.list(LOBBY, 12)).users).toHaveLength(12);
    });

    promises('the few who are here are listed, and of too many nobody is', async open => {
      const { enter, leave, port } = withDevices(await open());
      expect(await port.few(LOBBY, 3)).toEqual([]);
      for (let n = 0; n < 4; n += 1) await enter(userId(`user-${n}`), PHONE);
      expect(await port.few(LOBBY, 3)).toBeUndefined();
      await leave(userId('user-2'), PHONE);
      const few = await port.few(LOBBY, 3);
      expect(few?.map(({ user }) => user).sort()).toEqual(['user-0', 'user-1', 'user-3']);
      expect(few?.map(({ devices }) => devices)).toEqual([1, 1, 1]);
    });

    promises(
      'what one instance writes, another over the same storage sees',
      ['two-instances'],
      async open => {
        const fixture = await open();
        const { enter, decide, deviceOf } = withDevices(fixture);
        const twin = await twinOf(fixture);
        await enter(ALICE, PHONE);
        await decide(ALICE, 'joined', 'd-1');
        expect(await twin.enter(LOBBY, deviceOf(ALICE, LAPTOP))).toBe('present');
        expect((await found(twin, ALICE)).telling?.id).toBe('d-1');
        expect(await twin.list(LOBBY, 100)).toEqual({ count: 1, users: [{ user: ALICE, devices: 2 }] });
      },
    );
  });

const found = async (port: PresenceStore, user: UserId): Promise<Stay> => {
  const stay = await port.find(LOBBY, user);
  if (stay === undefined) throw new Error(`nothing is known of ${user}`);
  return stay;
};

const withDevices = ({ port, clock }: Fixture<PresenceStore>) => {
  const deviceOf = (user: UserId, id: ConnectionId, forMs = HOUR_MS) => ({
    user,
    connectionId: id,
    expiresAt: clock.now() + forMs,
  });
  return {
    port,
    clock,
    deviceOf,
    decide: async (user: UserId, event: Telling['event'], id = `decision-${event}`) =>
      port.decide(LOBBY, user, await found(port, user), { id, event }),
    enter: (user: UserId, id: ConnectionId, forMs?: number) => port.enter(LOBBY, deviceOf(user, id, forMs)),
    leave: (user: UserId, id: ConnectionId) => port.leave(LOBBY, { user, connectionId: id }),
  };
};
