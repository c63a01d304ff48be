import { expect } from 'vitest';
import { deviceId } from '../../src/domain/device.ts';
import { messageId, notificationId, userId } from '../../src/domain/ids.ts';
import type { LockScreenStore, ShownPush } from '../../src/ports/lock-screen-store.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract, twinOf } from '../support/harness.ts';

const [ALICE, BOB] = [userId('alice'), userId('bob')];
const DAY_MS = 86_400_000;

const aMessage = (id: string) => ({ id: messageId(id), notificationId: notificationId(`of ${id}`) });

export const lockScreenStoreContract = (harness: Harness<Fixture<LockScreenStore>>): void =>
  contract('LockScreenStore', harness, promises => {
    promises('two instances do not see each other', async open => {
      const [one, other] = [withPushes(await open()), withPushes(await open())];
      await one.show('a');
      expect(await other.port.list(ALICE)).toEqual([]);
    });

    promises('what is listed is what was shown, what was sent first first', async open => {
      const { port, show, sentAt } = withPushes(await open());
      await show('later', { sentAt: sentAt + 1, messages: [aMessage('m1'), aMessage('m2')] });
      await show('earlier', { deviceId: deviceId('tablet') });
      expect(await port.list(ALICE)).toEqual([
        {
          deviceId: 'tablet',
          collapseId: 'earlier',
          messages: [aMessage('earlier')],
          sentAt,
          read: false,
        },
        {
          deviceId: 'phone',
          collapseId: 'later',
          messages: [aMessage('m1'), aMessage('m2')],
          sentAt: sentAt + 1,
          read: false,
        },
      ]);
      expect(await port.list(BOB)).toEqual([]);
    });

    promises(
      'a push takes the place of an earlier one of its collapse id, on its device alone',
      async open => {
        const { port, show, sentAt } = withPushes(await open());
        await show('order', { messages: [aMessage('old')] });
        await show('order', { messages: [aMessage('old')], deviceId: deviceId('tablet') });
        expect(await show('order', { messages: [aMessage('new')], sentAt: sentAt + 1 })).toBe(true);
        const shown = (await port.list(ALICE)).map(push => [push.deviceId, push.messages[0]?.id]);
        expect(shown).toEqual([
          ['tablet', 'old'],
          ['phone', 'new'],
        ]);
      },
    );

    promises('nothing takes the place of what was sent later', async open => {
      const { port, show, sentAt } = withPushes(await open());
      await show('order', { messages: [aMessage('new')], sentAt: sentAt + 1 });
      expect(await show('order', { messages: [aMessage('old')] })).toBe(false);
      expect(await port.list(ALICE)).toMatchObject([{ messages: [aMessage('new')] }]);
      expect(await show('order', { messages: [aMessage('again')], sentAt: sentAt + 1 })).toBe(true);
    });

    promises('a push is read when all that it tells of is', async open => {
      const { port, show, read } = withPushes(await open());
      await show('one');
      await show('digest', { messages: [aMessage('a'), aMessage('b')] });
      await port.read(ALICE, [messageId('a'), messageId('one'), messageId('unknown')]);
      expect(await read()).toEqual(['one']);
      await port.read(ALICE, [messageId('b')]);
      expect([...(await read())].sort()).toEqual(['digest', 'one']);
    });

    promises('a push is read when each of its messages was, and all of them at once', async open => {
      const { port, show } = withPushes(await open());
      const ids = Array.from({ length: 20 }, (_, k) => `m${k}`);
      await show('digest', { messages: ids.map(aMessage) });
      await Promise.all(ids.map(id => port.read(ALICE, [messageId(id)])));
      expect(await port.list(ALICE)).toMatchObject([{ read: true }]);
    });

    promises("all of a user's is read at once, and nobody else's", async open => {
      const { port, show, read } = withPushes(await open());
      await show('a');
      await show('b', { deviceId: deviceId('tablet') });
      await show('of bob', { user: BOB });
      await port.read(ALICE);
      expect([...(await read())].sort()).toEqual(['a', 'b']);
      expect(await port.list(BOB)).toMatchObject([{ read: false }]);
    });

    promises('a message is read on all devices that show it', async open => {
      const { port, show } = withPushes(await open());
      for (const device of ['phone', 'tablet']) await show('a', { deviceId: deviceId(device) });
      await port.read(ALICE, [messageId('a')]);
      expect((await port.list(ALICE)).map(push => push.read)).toEqual([true, true]);
    });

    promises('what was read and withdrawn is shown no more', async open => {
      const { port, show } = withPushes(await open());
      for (const collapseId of ['a', 'b', 'c']) await show(collapseId);
      await port.read(ALICE, [messageId('a'), messageId('b')]);
      await port.withdrawn(ALICE, deviceId('phone'), ['a', 'unknown']);
      await port.withdrawn(ALICE, deviceId('tablet'), ['b']);
      await port.withdrawn(BOB, deviceId('phone'), ['b']);
      expect((await port.list(ALICE)).map(push => push.collapseId).sort()).toEqual(['b', 'c']);
    });

    promises('what came in the place of the withdrawn goes on being shown', async open => {
      const { port, show, sentAt } = withPushes(await open());
      await show('order', { messages: [aMessage('old')] });
      await port.read(ALICE, [messageId('old')]);
      await show('order', { messages: [aMessage('new')], sentAt: sentAt + 1 });
      await port.withdrawn(ALICE, deviceId('phone'), ['order']);
      expect(await port.list(ALICE)).toMatchObject([{ messages: [aMessage('new')], read: false }]);
    });

    promises('what was sent 30 days ago is not kept', async open => {
      const { port, show, advance } = withPushes(await open());
      await show('a');
      await advance(30 * DAY_MS - 1);
      expect(await port.list(ALICE)).toHaveLength(1);
      await advance(1);
      expect(await port.list(ALICE)).toEqual([]);
    });

    promises("erasing takes all of a user's and nobody else's", async open => {
      const { port, show } = withPushes(await open());
      await show('a');
      await show('of bob', { user: BOB });
      await port.erase(ALICE);
      expect(await port.list(ALICE)).toEqual([]);
      expect(await port.list(BOB)).toHaveLength(1);
    });

    promises('what one instance notes, another sees', ['two-instances'], async open => {
      const fixture = await open();
      await withPushes(fixture).show('a');
      expect(await (await twinOf(fixture)).list(ALICE)).toHaveLength(1);
    });
  });

const withPushes = ({ port, clock, advance }: Fixture<LockScreenStore>) => {
  const sentAt = clock.now();
  return {
    port,
    advance,
    sentAt,
    show: (collapseId: string, set: Partial<ShownPush> = {}): Promise<boolean> =>
      port.show({
        user: ALICE,
        deviceId: deviceId('phone'),
        collapseId,
        messages: [aMessage(collapseId)],
        sentAt,
        ...set,
      }),
    /** The collapse ids of alice's whose messages were all read. */
    read: async (): Promise<readonly string[]> =>
      (await port.list(ALICE)).filter(push => push.read).map(({ collapseId }) => collapseId),
  };
};
