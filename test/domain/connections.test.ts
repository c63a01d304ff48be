import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BROADCAST } from '../../src/domain/channel.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import { aChannel, aConnection, anIdentity } from '../support/builders.ts';
import { aWorld, follow } from '../support/world.ts';

const id = connectionId('socket-1');
const alice = aChannel('user:alice');
const lobby = aChannel('room:lobby');
const TWO_HOURS_MS = 7_200_000;
const request = { id, identity: anIdentity(), longestLifeMs: TWO_HOURS_MS };

describe('Connecting', () => {
  test("follows the user's own channel and the broadcast from the first moment", async () => {
    const world = aWorld();
    await world.connect.execute(request);
    expect([...(await world.registry.subscriptions(id))].sort()).toEqual([BROADCAST, alice]);
  });

  test('twice under one id is connecting once', async () => {
    const world = aWorld();
    await world.connect.execute(request);
    await world.connect.execute(request);
    expect((await world.registry.members(alice, { shard: 0, limit: 10 })).connectionIds).toEqual([id]);
    expect(world.metrics.counted('connections_total', { outcome: 'accepted' })).toBe(1);
  });

  test("ends with the token or with the platform's longest life, whichever is first", async () => {
    const world = aWorld();
    const now = world.clock.now();
    const short = await world.connect.execute({
      ...request,
      identity: anIdentity({ expiresAt: now + 60_000 }),
    });
    const long = await world.connect.execute({
      ...request,
      id: connectionId('socket-2'),
      longestLifeMs: 30_000,
    });
    expect(short.expiresAt).toBe(now + 60_000);
    expect(long.expiresAt).toBe(now + 30_000);
  });

  test('after having been disconnected is refused', async () => {
    const world = aWorld();
    await world.connect.execute(request);
    await world.disconnect.execute(id);
    await expect(world.connect.execute(request)).rejects.toMatchObject({ code: 'conflict' });
    expect((await world.registry.members(alice, { shard: 0, limit: 10 })).connectionIds).toEqual([]);
  });
});

describe('Disconnecting', () => {
  test('an unknown connection is fine', async () => {
    expect(await aWorld().disconnect.execute(id)).toBe(false);
  });

  test('lets go of everything that was followed', async () => {
    const world = aWorld();
    const connection = await world.connect.execute({ ...request, identity: anIdentity({ admin: true }) });
    await follow(world, connection, lobby);
    expect(await world.disconnect.execute(id)).toBe(true);
    for (const channel of [alice, BROADCAST, lobby]) {
      expect((await world.registry.members(channel, { shard: 0, limit: 10 })).connectionIds).toEqual([]);
    }
  });

  test('in any race with connecting and subscribing leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async scheduler => {
        const world = aWorld();
        const connection = aConnection({ id, identity: anIdentity({ admin: true }) });
        const steps: (() => Promise<unknown>)[] = [
          () => world.connect.execute({ ...request, identity: connection.identity }),
          () => follow(world, connection, lobby),
          () => world.disconnect.execute(id),
          () => world.disconnect.execute(id),
        ];
        const begin = (step: () => Promise<unknown>): Promise<unknown> => step().catch(() => undefined);
        const done = steps.map(step => scheduler.schedule(Promise.resolve()).then(() => begin(step)));
        await scheduler.waitAll();
        await Promise.all(done);

        await world.disconnect.execute(id); // the platform tells at least once, whatever came before
        for (const channel of [alice, BROADCAST, lobby]) {
          expect((await world.registry.members(channel, { shard: 0, limit: 10 })).connectionIds).toEqual([]);
        }
        expect(await world.registry.find(id)).toBeUndefined();
      }),
    );
  });
});

describe('Subscribing', () => {
  const withRights = (pattern: string, ...actions: ('subscribe' | 'publish')[]) =>
    anIdentity({ capabilities: [{ pattern, actions }] });

  test("answers with the channel's position, above which everything will arrive", async () => {
    const world = aWorld();
    const identity = withRights('room:*', 'subscribe', 'publish');
    const connection = await world.connect.execute({ ...request, identity });
    await world.sendMessage.execute(identity, { channel: lobby, data: 'before' });
    expect((await follow(world, connection, lobby)).position).toMatchObject({ offset: 1 });
    await world.sendMessage.execute(identity, { channel: lobby, data: 'after' });
    await world.clock.advance(0);
    expect(world.gateway.received(id).map(text => JSON.parse(text).offset)).toEqual([2]);
  });

  test('needs the capability', async () => {
    const world = aWorld();
    const connection = await world.connect.execute({ ...request, identity: withRights('room:*', 'publish') });
    await expect(follow(world, connection, lobby)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.registry.subscriptions(id)).not.toContain(lobby);
  });

  test('beyond 100 channels is refused; again to a followed one is not', async () => {
    const world = aWorld();
    const connection = await world.connect.execute({ ...request, identity: anIdentity({ admin: true }) });
    for (let n = 0; n < 98; n += 1) await follow(world, connection, aChannel(`room:r${n}`));
    await expect(follow(world, connection, lobby)).rejects.toMatchObject({
      code: 'limit-exceeded',
    });
    await follow(world, connection, aChannel('room:r0'));
  });

  test('is undone by unsubscribing, which may be done again', async () => {
    const world = aWorld();
    const connection = await world.connect.execute({ ...request, identity: anIdentity({ admin: true }) });
    await follow(world, connection, lobby);
    expect(await world.unsubscribe.execute(connection, lobby)).toBe(true);
    expect(await world.unsubscribe.execute(connection, lobby)).toBe(false);
    await world.sendMessage.execute(connection.identity, { channel: lobby, data: 'unheard' });
    await world.clock.advance(0);
    expect(world.gateway.received(id)).toEqual([]);
  });
});

describe('A message', () => {
  test('is refused without the capability to publish, and stored nowhere', async () => {
    const world = aWorld();
    await expect(
      world.sendMessage.execute(anIdentity(), { channel: lobby, data: 'hi' }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(
      world.sendMessage.execute(anIdentity(), { channel: alice, data: 'hi' }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect((await world.store.position(lobby)).offset).toBe(0);
  });

  test('gets contiguous offsets however many are sent at once', async () => {
    const world = aWorld();
    const admin = anIdentity({ admin: true });
    const sent = await Promise.all(
      Array.from({ length: 50 }, (_, n) => world.sendMessage.execute(admin, { channel: lobby, data: n })),
    );
    expect(sent.map(({ offset }) => offset).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 50 }, (_, n) => n + 1),
    );
  });
});

describe('History', () => {
  test('needs the capability', async () => {
    const world = aWorld();
    const bob = aChannel('user:bob');
    await expect(world.history.execute(anIdentity(), bob, {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('reads in one direction only', async () => {
    const world = aWorld();
    await expect(world.history.execute(anIdentity(), alice, { after: 1, before: 3 })).rejects.toMatchObject({
      code: 'invalid',
      field: 'before',
    });
  });

  test('gives the newest 50 when nothing else is asked', async () => {
    const world = aWorld();
    const admin = anIdentity({ user: userId('alice'), admin: true });
    for (let n = 0; n < 60; n += 1) await world.sendMessage.execute(admin, { channel: alice, data: n });
    const page = await world.history.execute(anIdentity(), alice, {});
    expect(page.messages.map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, n) => n + 11));
    expect(page.complete).toBe(false);
  });
});
