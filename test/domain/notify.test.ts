import { describe, expect, test } from 'vitest';
import { DEFAULT_CATEGORY } from '../../src/domain/category.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { NotifyCommand } from '../../src/domain/use-cases/notify.ts';
import { aChannel, aConnection, anIdentity } from '../support/builders.ts';
import { DyingBus, FailingBus, FailingStore } from '../support/faults.ts';
import { aWorld } from '../support/world.ts';

const alice = aChannel('user:alice');
const bob = aChannel('user:bob');
const admin = anIdentity({ user: userId('shop'), admin: true });

const aCommand = (set: Partial<NotifyCommand> = {}): NotifyCommand => ({
  identity: admin,
  request: { to: [alice], title: 'Shipped', priority: 'normal' },
  ...set,
});

const withKey = (key = 'order-42', fingerprint = 'f1') => aCommand({ idempotency: { key, fingerprint } });

describe('A notification', () => {
  test('is stored in every target channel and answered with where it stands', async () => {
    const world = aWorld();
    await world.notify.execute(aCommand());

    const receipt = await world.notify.execute(
      aCommand({ request: { to: [alice, bob], title: 'Arrived', priority: 'high' } }),
    );

    expect(receipt.channels.map(({ channel, offset }) => [channel, offset])).toEqual([
      [alice, 2],
      [bob, 1],
    ]);
    const { messages } = await world.store.read(bob, { limit: 10 });
    expect(messages).toMatchObject([
      {
        id: `${receipt.id}.user:bob`,
        from: 'shop',
        content: {
          kind: 'notification',
          notification: { id: receipt.id, title: 'Arrived', priority: 'high' },
        },
      },
    ]);
  });

  test('reaches the connections of its targets and no others', async () => {
    const world = aWorld();
    await world.registry.register(aConnection({ id: connectionId('a') }), [alice]);
    await world.registry.register(aConnection({ id: connectionId('b') }), [bob]);

    await world.notify.execute(aCommand());
    await world.clock.advance(0);

    expect(
      world.gateway.received(connectionId('a')).map(text => JSON.parse(text).notification.title),
    ).toEqual(['Shipped']);
    expect(world.gateway.received(connectionId('b'))).toEqual([]);
  });

  test('is kept from the screens of who wants none of its category, and from nobody else', async () => {
    const world = aWorld({ categories: [{ ...DEFAULT_CATEGORY, name: 'news', screen: false }] });
    const [bobHimself, carol] = [userId('bob'), aChannel('user:carol')];
    const wishes = { categories: { orders: { screen: false }, news: { screen: true } } };
    await world.preferences.save(bobHimself, wishes);
    const reached = async (category: string): Promise<readonly string[]> => {
      const to = [alice, bob, carol, aChannel('topic:orders')];
      const request = { to, title: 'Shipped', priority: 'normal', category } as const;
      return (await world.notify.execute(aCommand({ request }))).channels.map(({ channel }) => channel);
    };

    expect(await reached('orders')).toEqual([alice, carol, 'topic:orders']);
    expect(await reached('news')).toEqual([bob, 'topic:orders']);
    expect(await reached('other')).toEqual([alice, bob, carol, 'topic:orders']);

    expect((await world.store.read(bob, { limit: 10 })).messages).toHaveLength(2);
    expect((await world.inbox.execute(bobHimself, {})).items).toHaveLength(2);
  });

  test('leaves in the trail that it was kept from screens, and no title where its category is private', async () => {
    const hidden = { ...DEFAULT_CATEGORY, screen: false, private: true };
    const world = aWorld({ categories: [hidden] });
    const { id } = await world.notify.execute(aCommand());
    const { entries } = await world.trail.find(id, { limit: 10 });
    expect(entries.map(({ user, event }) => ({ user, ...event }))).toEqual([
      { user: 'alice', kind: 'received', from: 'shop', channel: alice, priority: 'normal' },
      { user: 'alice', kind: 'kept-from-screens', rule: 'screen-off' },
      { user: 'alice', kind: 'push-decided', decision: 'drop', rule: 'no-device', devices: 0 },
    ]);
  });

  test('that nobody wants on screens is accepted all the same', async () => {
    const world = aWorld({ categories: [{ ...DEFAULT_CATEGORY, screen: false }] });
    const receipt = await world.notify.execute(withKey());
    expect(receipt).toEqual({ id: expect.stringMatching(/^ntf_/), channels: [] });
    expect(await world.notify.execute(withKey())).toEqual(receipt);
  });

  test('named twice for one channel is stored there once', async () => {
    const world = aWorld();
    const receipt = await world.notify.execute(
      aCommand({ request: { to: [alice, alice], title: 'Shipped', priority: 'normal' } }),
    );
    expect(receipt.channels).toHaveLength(1);
    expect((await world.store.position(alice)).offset).toBe(1);
  });

  test('for another user is refused without admin, naming the target, and stores nothing', async () => {
    const world = aWorld();
    const command = aCommand({
      identity: anIdentity(),
      request: { to: [alice, bob], title: 'Shipped', priority: 'normal' },
    });
    await expect(world.notify.execute(command)).rejects.toMatchObject({ code: 'forbidden', field: 'to[1]' });
    expect((await world.store.position(alice)).offset).toBe(0);
  });

  test('to oneself needs no admin', async () => {
    const world = aWorld();
    const receipt = await world.notify.execute(aCommand({ identity: anIdentity({ user: userId('alice') }) }));
    expect(receipt.channels).toMatchObject([{ channel: alice, offset: 1 }]);
  });

  test('that has expired already is refused, naming the field', async () => {
    const world = aWorld();
    const request = { ...aCommand().request, expiresAt: world.clock.now() };
    await expect(world.notify.execute(aCommand({ request }))).rejects.toMatchObject({
      code: 'invalid',
      field: 'expiresAt',
    });
  });
});

describe('An idempotency key', () => {
  test('gives a repeat the first receipt and does nothing again', async () => {
    const world = aWorld();
    const first = await world.notify.execute(withKey());
    const second = await world.notify.execute(withKey());
    expect(second).toEqual(first);
    expect((await world.store.position(alice)).offset).toBe(1);
    expect(world.metrics.counted('notifications_accepted_total', { outcome: 'replayed' })).toBe(1);
  });

  test('used with another request is a conflict', async () => {
    const world = aWorld();
    await world.notify.execute(withKey('order-42', 'f1'));
    await expect(world.notify.execute(withKey('order-42', 'f2'))).rejects.toMatchObject({
      code: 'conflict',
      field: 'Idempotency-Key',
    });
  });

  test('belongs to its caller: two producers may use the same', async () => {
    const world = aWorld();
    await world.notify.execute(withKey());
    const other = {
      ...withKey('order-42', 'f2'),
      identity: anIdentity({ user: userId('bank'), admin: true }),
    };
    await world.notify.execute(other);
    expect((await world.store.position(alice)).offset).toBe(2);
  });

  test('is forgotten after 24 hours', async () => {
    const world = aWorld();
    await world.notify.execute(withKey());
    await world.clock.advance(24 * 3_600_000 - 1);
    await world.notify.execute(withKey());
    expect((await world.store.position(alice)).offset).toBe(1);
    await world.clock.advance(1);
    await world.notify.execute(withKey());
    expect((await world.store.position(alice)).offset).toBe(2);
  });

  test('of many requests at once does the work once', async () => {
    const world = aWorld();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => world.notify.execute(withKey())),
    );
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await world.store.position(alice)).offset).toBe(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'conflict', retryable: true });
    }
  });
});

describe('A producer that retries with the same key', () => {
  const both = { ...withKey(), request: { to: [alice, bob], title: 'Shipped', priority: 'normal' } } as const;

  test('finishes what failed between append and publish, and appends nothing twice', async () => {
    const world = aWorld({ bus: good => new FailingBus(good, 1) });
    await world.registry.register(aConnection({ id: connectionId('a') }), [alice]);
    await expect(world.notify.execute(both)).rejects.toMatchObject({ code: 'unavailable', retryable: true });

    const receipt = await world.notify.execute(both);
    await world.clock.advance(0);

    expect(receipt.channels.map(({ offset }) => offset)).toEqual([1, 1]);
    expect((await world.store.position(alice)).offset).toBe(1);
    expect(world.metrics.counted('messages_appended_total', { outcome: 'duplicate' })).toBe(2);
    expect(world.gateway.received(connectionId('a'))).toHaveLength(1);
  });

  test('finishes what failed between two channels', async () => {
    const world = aWorld({ store: good => new FailingStore(good, { channel: bob, failures: 1 }) });
    await expect(world.notify.execute(both)).rejects.toMatchObject({ code: 'unavailable' });
    const receipt = await world.notify.execute(both);
    expect(receipt.channels.map(({ channel, offset }) => [channel, offset])).toEqual([
      [alice, 1],
      [bob, 1],
    ]);
  });

  test('takes over from a process that died, once its lease is over', async () => {
    const world = aWorld({ bus: good => new DyingBus(good, 1) });
    void world.notify.execute(both);
    await world.clock.advance(29_999);
    await expect(world.notify.execute(both)).rejects.toMatchObject({ code: 'conflict', retryAfterMs: 1 });

    await world.clock.advance(1);
    const receipt = await world.notify.execute(both);

    expect(receipt.channels.map(({ offset }) => offset)).toEqual([1, 1]);
    expect((await world.store.position(bob)).offset).toBe(1);
  });
});
