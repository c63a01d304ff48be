import { expect } from 'vitest';
import type { Device } from '../../src/domain/device.ts';
import { deviceId } from '../../src/domain/device.ts';
import { userId } from '../../src/domain/ids.ts';
import type { DeviceStore } from '../../src/ports/device-store.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];
const MAX = 3;

const aDevice = (id: string, set: Partial<Device> = {}): Device => ({
  id: deviceId(id),
  user: ALICE,
  platform: 'fcm',
  token: `token of ${id}`,
  createdAt: 1_000,
  refreshedAt: 1_000,
  ...set,
});

const aSubscription = (endpoint: string, key: string): string =>
  JSON.stringify({ endpoint, keys: { p256dh: key, auth: 'secret' } });

const idsOf = async (store: DeviceStore, user = ALICE): Promise<readonly string[]> =>
  (await store.list(user)).map(({ id }) => id);

export const deviceStoreContract = (harness: Harness<Fixture<DeviceStore>>): void =>
  contract('DeviceStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [await open(), await open()];
      await one.port.register(aDevice('a'), MAX);
      expect(await other.port.list(ALICE)).toEqual([]);
    });

    promises('what is found is what was registered, in the order in which it was', async open => {
      const { port } = await open();
      const devices = [
        aDevice('b', { label: "Alice's phone 🎉", createdAt: 1 }),
        aDevice('a', { platform: 'webpush', token: aSubscription('https://push/1', 'k'), createdAt: 2 }),
      ];
      for (const device of devices)
        expect(await port.register(device, MAX)).toEqual({ status: 'added', device });
      expect(await port.list(ALICE)).toEqual(devices);
      for (const device of devices) expect(await port.find(ALICE, device.id)).toEqual(device);
      expect(await port.list(BOB)).toEqual([]);
    });

    promises('many who are looked up at once have each their own', async open => {
      const { port } = await open();
      await port.register(aDevice('b', { createdAt: 1 }), MAX);
      await port.register(aDevice('c', { user: BOB }), MAX);
      await port.register(aDevice('a', { createdAt: 2 }), MAX);
      const users = [ALICE, userId('nobody'), BOB, ALICE, BOB];
      const lists = await Promise.all(users.map(user => idsOf(port, user)));
      expect(lists).toEqual([['b', 'a'], [], ['c'], ['b', 'a'], ['c']]);
    });

    promises('an installation of the same user keeps its id and its place', async open => {
      const { port } = await open();
      await port.register(aDevice('a', { createdAt: 1 }), MAX);
      await port.register(aDevice('b', { createdAt: 2 }), MAX);
      const again = aDevice('c', { token: 'token of a', label: 'new', createdAt: 9, refreshedAt: 9 });
      const device = { ...again, id: deviceId('a'), createdAt: 1 };
      expect(await port.register(again, MAX)).toEqual({ status: 'refreshed', device });
      expect(await port.list(ALICE)).toEqual([device, aDevice('b', { createdAt: 2 })]);
    });

    promises('a browser that subscribes anew with other keys is the same installation', async open => {
      const { port } = await open();
      const browser = { platform: 'webpush', token: aSubscription('https://push/1', 'old') } as const;
      await port.register(aDevice('a', browser), MAX);
      const token = aSubscription('https://push/1', 'new');
      const { status } = await port.register(aDevice('b', { platform: 'webpush', token }), MAX);
      expect(status).toBe('refreshed');
      expect((await port.list(ALICE)).map(device => device.token)).toEqual([token]);
    });

    promises('an installation that moves to another user leaves the first', async open => {
      const { port } = await open();
      await port.register(aDevice('a'), MAX);
      const moved = aDevice('b', { user: BOB, token: 'token of a' });
      expect(await port.register(moved, MAX)).toEqual({ status: 'moved', device: moved, from: ALICE });
      expect(await port.list(ALICE)).toEqual([]);
      expect(await port.list(BOB)).toEqual([moved]);
      expect(await port.find(ALICE, deviceId('a'))).toBeUndefined();
    });

    promises('the same token on another platform is another installation', async open => {
      const { port } = await open();
      await port.register(aDevice('a', { platform: 'apns', token: 'abc' }), MAX);
      const { status } = await port.register(aDevice('b', { platform: 'apns_sandbox', token: 'abc' }), MAX);
      expect(status).toBe('added');
    });

    promises('a user who has all that they may gets no other, and loses none', async open => {
      const { port } = await open();
      await port.register(aDevice('of bob', { user: BOB }), MAX);
      for (const id of ['a', 'b', 'c']) await port.register(aDevice(id), MAX);
      expect(await port.register(aDevice('d'), MAX)).toEqual({ status: 'full' });
      expect(await port.register(aDevice('d', { token: 'token of bob' }), MAX)).toEqual({ status: 'full' });
      expect(await idsOf(port)).toEqual(['a', 'b', 'c']);
      expect((await port.register(aDevice('d', { token: 'token of b' }), MAX)).status).toBe('refreshed');
    });

    promises('of many at once, no more are taken than there may be', async open => {
      const { port } = await open();
      const ids = Array.from({ length: 8 }, (_, index) => `d${index}`);
      const taken = await Promise.all(ids.map(id => port.register(aDevice(id), MAX)));
      expect(taken.filter(({ status }) => status === 'added')).toHaveLength(MAX);
      expect(await port.list(ALICE)).toHaveLength(MAX);
    });

    promises('users who register one installation at once leave it with one of them', async open => {
      const { port } = await open();
      const users = Array.from({ length: 6 }, (_, index) => userId(`u${index}`));
      await Promise.all(users.map(user => port.register(aDevice(`of ${user}`, { user, token: 'one' }), MAX)));
      const lists = await Promise.all(users.map(user => port.list(user)));
      expect(lists.flat()).toHaveLength(1);
    });

    promises('a device is refreshed with another token, and keeps what is not told', async open => {
      const { port } = await open();
      await port.register(aDevice('a', { label: 'phone' }), MAX);
      const refreshed = aDevice('a', { label: 'phone', token: 'another', refreshedAt: 5_000 });
      const to = { token: 'another', refreshedAt: 5_000 };
      expect(await port.refresh(ALICE, deviceId('a'), to)).toEqual({ device: refreshed });
      expect(await port.list(ALICE)).toEqual([refreshed]);
      const { status } = await port.register(aDevice('b'), MAX);
      expect(status).toBe('added');
      expect((await port.register(aDevice('c', { token: 'token of a' }), MAX)).status).toBe('added');
    });

    promises('a device that gets the token of another takes its place', async open => {
      const { port } = await open();
      await port.register(aDevice('a'), MAX);
      await port.register(aDevice('b', { user: BOB }), MAX);
      await port.register(aDevice('c'), MAX);
      expect([await idsOf(port), await idsOf(port, BOB)]).toEqual([['a', 'c'], ['b']]);
      const to = { token: 'token of b', refreshedAt: 2_000 };
      expect(await port.refresh(ALICE, deviceId('a'), to)).toEqual({ device: aDevice('a', to), from: BOB });
      expect([await idsOf(port), await idsOf(port, BOB)]).toEqual([['a', 'c'], []]);
      await port.refresh(ALICE, deviceId('c'), to);
      expect(await idsOf(port)).toEqual(['c']);
    });

    promises("nobody refreshes, finds or removes another's", async open => {
      const { port } = await open();
      await port.register(aDevice('a'), MAX);
      const to = { token: 'stolen', refreshedAt: 2_000 };
      expect(await port.refresh(BOB, deviceId('a'), to)).toBeUndefined();
      expect(await port.find(BOB, deviceId('a'))).toBeUndefined();
      expect(await port.remove(BOB, deviceId('a'))).toBe(false);
      expect(await port.list(ALICE)).toEqual([aDevice('a')]);
    });

    promises('what was removed is gone, once', async open => {
      const { port } = await open();
      await port.register(aDevice('a'), MAX);
      expect(await port.remove(ALICE, deviceId('a'))).toBe(true);
      expect(await port.remove(ALICE, deviceId('a'))).toBe(false);
      expect(await port.list(ALICE)).toEqual([]);
      expect((await port.register(aDevice('b', { token: 'token of a' }), MAX)).status).toBe('added');
    });

    promises('a dead token is pruned, but not a device that has another since', async open => {
      const { port } = await open();
      await port.register(aDevice('a'), MAX);
      await port.register(aDevice('b'), MAX);
      await port.refresh(ALICE, deviceId('b'), { token: 'alive', refreshedAt: 2_000 });
      expect(await port.prune(aDevice('a'))).toBe(true);
      expect(await port.prune(aDevice('b'))).toBe(false);
      expect(await idsOf(port)).toEqual(['b']);
    });

    promises(
      'a device that is refreshed while its old token is pruned is there, or says that it is not',
      async open => {
        const { port } = await open();
        const devices = Array.from({ length: 40 }, (_, k) => aDevice(`d${k}`));
        for (const device of devices) await port.register(device, devices.length);
        const refreshed = await Promise.all(
          devices.flatMap(({ user, id, token }) => [
            port.refresh(user, id, { token: `new ${token}`, refreshedAt: 2_000 }),
            port.prune({ user, id, token }).then(() => undefined),
          ]),
        );
        const told = refreshed.flatMap(outcome => (outcome === undefined ? [] : [outcome.device.id]));
        expect([...(await idsOf(port))].sort()).toEqual(told.sort());
      },
    );

    promises("erasing takes all of a user's and nobody else's", async open => {
      const { port } = await open();
      for (const id of ['a', 'b']) await port.register(aDevice(id), MAX);
      await port.register(aDevice('c', { user: BOB }), MAX);
      await port.erase(ALICE);
      expect(await port.list(ALICE)).toEqual([]);
      expect(await idsOf(port, BOB)).toEqual(['c']);
    });

    promises('what one instance writes, another sees', ['two-instances'], async open => {
      const fixture = await open();
      const twin = await twinOf(fixture);
      await fixture.port.register(aDevice('a'), MAX);
      expect(await twin.list(ALICE)).toEqual([aDevice('a')]);
      await twin.remove(ALICE, deviceId('a'));
      expect(await fixture.port.list(ALICE)).toEqual([]);
    });
  });
