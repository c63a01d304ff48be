import { describe, expect, test } from 'vitest';
import { connectionId, messageId, userId } from '../../src/domain/ids.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import { aWorld } from '../support/world.ts';

const ALICE = userId('alice');
const channel = aChannel('user:alice');
const shop = anIdentity({ admin: true, user: userId('shop') });

/** A world in which alice has two screens and as many notifications. */
const withNotifications = async (count: number) => {
  const world = aWorld();
  const screens = [connectionId('laptop='), connectionId('phone=')];
  for (const id of screens) {
    await world.connect.execute({ id, identity: anIdentity(), longestLifeMs: 7_200_000 });
  }
  const ids = [];
  for (let n = 1; n <= count; n += 1) {
    const request = { to: [channel], title: `n${n}`, priority: 'normal' } as const;
    const { channels } = await world.notify.execute({ identity: shop, request });
    ids.push(channels[0]?.messageId ?? messageId('none'));
  }
  await world.clock.advance(0);
  return { ...world, screens, ids };
};

describe('The inbox', () => {
  test('holds what was sent to the user, and nothing of topics or others', async () => {
    const { inbox, notify } = await withNotifications(1);
    const to = [aChannel('user:bob'), aChannel('topic:orders')];
    await notify.execute({ identity: shop, request: { to, title: 'other', priority: 'normal' } });
    const page = await inbox.execute(ALICE, {});
    expect(page.items.map(({ notification }) => notification.title)).toEqual(['n1']);
    expect((await inbox.execute(userId('bob'), {})).unread).toBe(1);
  });

  test('holds a notification once, however often its request is repeated', async () => {
    const { inbox, notify } = await withNotifications(0);
    const idempotency = { key: 'k', fingerprint: 'f' };
    const request = { to: [channel], title: 'once', priority: 'normal' } as const;
    for (const _ of [1, 2]) await notify.execute({ identity: shop, request, idempotency });
    expect(await inbox.execute(ALICE, {})).toMatchObject({ unread: 1, items: [{ read: false }] });
  });

  test('a mark on one screen shows on all of them', async () => {
    const { mark, ids, gateway, screens, clock } = await withNotifications(2);
    expect(await mark.execute(ALICE, ids.slice(0, 1), 'read')).toBe(1);
    await clock.advance(0);
    for (const screen of screens) {
      const last = JSON.parse(gateway.received(screen).at(-1) ?? '');
      expect(last).toMatchObject({
        channel,
        offset: 3,
        from: 'alice',
        inbox: { as: 'read', messageIds: ids.slice(0, 1), unread: 1 },
      });
    }
  });

  test('all are read at once', async () => {
    const { mark, inbox, gateway, screens, clock } = await withNotifications(3);
    expect(await mark.all(ALICE)).toBe(0);
    expect((await inbox.execute(ALICE, { filter: 'unread' })).items).toEqual([]);
    await clock.advance(0);
    const last = JSON.parse(gateway.received(screens[0] ?? connectionId('')).at(-1) ?? '');
    expect(last.inbox).toEqual({ as: 'read', all: true, unread: 0 });
  });

  test('of another nothing can be marked or acknowledged, and nobody is told', async () => {
    const { mark, acknowledge, ids, store } = await withNotifications(1);
    const bob = userId('bob');
    const unknown = { code: 'not-found', field: 'messageIds[0]' };
    await expect(mark.execute(bob, ids, 'read')).rejects.toMatchObject(unknown);
    await expect(acknowledge.execute(bob, ids)).rejects.toMatchObject(unknown);
    expect((await store.position(aChannel('user:bob'))).offset).toBe(0);
  });

  test('notes when a notification was first shown', async () => {
    const { acknowledge, inbox, ids, clock } = await withNotifications(1);
    const shownAt = clock.now();
    await acknowledge.execute(ALICE, ids);
    await clock.advance(1_000);
    await acknowledge.execute(ALICE, ids);
    expect((await inbox.execute(ALICE, {})).items).toMatchObject([{ shownAt }]);
  });
});
