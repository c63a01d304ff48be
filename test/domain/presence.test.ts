import { describe, expect, test } from 'vitest';
import { FanfareError } from '../../src/domain/errors.ts';
import { connectionId, userId } from '../../src/domain/ids.ts';
import type { PresenceLook } from '../../src/domain/presence.ts';
import { PRESENCE_GRACE_MS } from '../../src/domain/presence.ts';
import { LONGEST_LOOK_DELAY_MS } from '../../src/ports/presence-queue.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import type { WorldOptions } from '../support/world.ts';
import { aWorld, follow } from '../support/world.ts';

const LIFE_MS = 7_200_000;
const lobby = aChannel('room:lobby');
const comings = aChannel('presence:room:lobby');

const aRoom = (options: WorldOptions = {}) => {
  const world = aWorld({ rules: [{ pattern: 'room:*', presence: true }], ...options });
  let sockets = 0;
  const join = async (name: string, enters = true) => {
    const identity = anIdentity({
      user: userId(name),
      expiresAt: Number.MAX_SAFE_INTEGER,
      capabilities: [{ pattern: 'room:*', actions: ['subscribe', 'presence'] }],
    });
    const id = connectionId(`socket-${++sockets}=`);
    const connection = await world.connect.execute({ id, identity, longestLifeMs: LIFE_MS });
    if (enters) await follow(world, connection, lobby);
    await world.clock.advance(0);
    return connection;
  };
  /** What was told of comings and goings, in order. */
  const told = async () => {
    const { messages } = await world.store.read(comings, { limit: 100 });
    return messages.map(({ content }) =>
      content.kind === 'presence'
        ? `${content.change.user} ${content.change.event} (${content.change.count})`
        : content.kind,
    );
  };
  return { ...world, join, told };
};

describe('Presence', () => {
  test('names who is here, and by how many devices', async () => {
    const { join, presence } = aRoom();
    const alice = await join('alice');
    await join('alice');
    await join('bob');
    const { count, users } = await presence.execute(alice.identity, lobby);
    expect(count).toBe(2);
    expect(users).toEqual([
      { user: 'alice', devices: 2 },
      { user: 'bob', devices: 1 },
    ]);
  });

  test('tells who joined, once for all their devices', async () => {
    const { join, told } = aRoom();
    for (const user of ['alice', 'alice', 'bob']) await join(user);
    expect(await told()).toEqual(['alice joined (1)', 'bob joined (2)']);
  });

  test('tells who left when the grace is over, and not before', async () => {
    const { join, told, disconnect, clock } = aRoom();
    const [alice] = [await join('alice'), await join('bob')];
    await disconnect.execute(alice.id);
    await clock.advance(PRESENCE_GRACE_MS - 1);
    expect(await told()).not.toContain('alice left (1)');
    await clock.advance(1);
    expect(await told()).toEqual(['alice joined (1)', 'bob joined (2)', 'alice left (1)']);
  });

  test('makes no noise of a reconnect', async () => {
    const { join, told, disconnect, clock } = aRoom();
    const alice = await join('alice');
    await disconnect.execute(alice.id);
    await clock.advance(PRESENCE_GRACE_MS - 1);
    await join('alice');
    await clock.advance(60_000);
    expect(await told()).toEqual(['alice joined (1)']);
  });

  test('tells who left when their time is over, though nobody said so', async () => {
    const { join, told, registry, clock } = aRoom();
    const [alice] = [await join('alice'), await join('bob')];
    await registry.remove(alice.id); // and whoever did that died before presence heard of it
    await clock.advance(LIFE_MS - 1);
    expect(await told()).toEqual(['alice joined (1)', 'bob joined (2)']);
    await clock.advance(PRESENCE_GRACE_MS + 1);
    expect((await told()).sort()).toEqual([
      'alice joined (1)',
      'alice left (0)',
      'bob joined (2)',
      'bob left (0)',
    ]);
  });

  test('tells who left within a quarter of an hour, though the look at it was lost', async () => {
    const { join, told, presenceStore, clock } = aRoom();
    const alice = await join('alice');
    await presenceStore.leave(lobby, { user: userId('alice'), connectionId: alice.id });
    await clock.advance(LONGEST_LOOK_DELAY_MS + PRESENCE_GRACE_MS);
    expect(await told()).toEqual(['alice joined (1)', 'alice left (0)']);
  });

  test('tells nothing of who moves on to the next connection before the last one ends', async () => {
    const { join, told, clock } = aRoom();
    for (let hour = 0; hour < 10; hour += 1) {
      await join('alice');
      await clock.advance(LIFE_MS / 2);
    }
    expect(await told()).toEqual(['alice joined (1)']);
    await clock.advance(LIFE_MS);
    expect(await told()).toEqual(['alice joined (1)', 'alice left (0)']);
  });

  test('watches over a user by one look, however often the user comes back', async () => {
    const { join, disconnect, presenceQueue, clock, tellPresence } = aRoom();
    let alice = await join('alice');
    for (let n = 0; n < 20; n += 1) {
      await disconnect.execute(alice.id);
      alice = await join('alice');
    }
    await clock.advance(60_000);
    const looks: PresenceLook[] = [];
    presenceQueue.consume(async look => {
      looks.push(look);
      await tellPresence.execute(look);
    });
    await clock.advance(LONGEST_LOOK_DELAY_MS);
    expect(looks).toEqual([expect.objectContaining({ user: 'alice', reason: 'watch' })]);
  });

  test('asks for the look again when it could not be asked for at first', async () => {
    const { join, subscribe, presenceQueue, told, clock } = aRoom();
    const alice = await join('alice', false);
    const enqueue = presenceQueue.enqueue.bind(presenceQueue);
    presenceQueue.enqueue = async () => {
      throw new FanfareError('unavailable', 'the queue is down');
    };
    await expect(follow({ subscribe }, alice, lobby)).rejects.toMatchObject({ code: 'unavailable' });
    presenceQueue.enqueue = enqueue;
    await follow({ subscribe }, alice, lobby);
    await clock.advance(0);
    expect(await told()).toEqual(['alice joined (1)']);
  });

  test('ends by unsubscribing, and by being found gone', async () => {
    const { join, told, unsubscribe, gateway, notify, clock } = aRoom();
    const [alice, bob] = [await join('alice'), await join('bob')];
    await unsubscribe.execute(alice, lobby);
    gateway.script(bob.id, 'gone');
    const identity = anIdentity({ admin: true });
    await notify.execute({ identity, request: { to: [lobby], title: 'Anyone?', priority: 'normal' } });
    await clock.advance(PRESENCE_GRACE_MS);
    expect((await told()).slice(2).sort()).toEqual(['alice left (0)', 'bob left (0)']);
  });

  test('of many is a count, and their comings and goings are told to nobody', async () => {
    const { join, told, presence } = aRoom();
    const first = await join('user-0');
    for (let n = 1; n <= 100; n += 1) await join(`user-${n}`);
    expect(await presence.execute(first.identity, lobby)).toMatchObject({ count: 101 });
    expect((await presence.execute(first.identity, lobby)).users).toBeUndefined();
    expect(await told()).toHaveLength(100);
  });

  test('is pushed to who follows it, which needs the capability', async () => {
    const { join, subscribe, gateway } = aRoom();
    const alice = await join('alice');
    await follow({ subscribe }, alice, comings);
    await join('bob');
    const pushed = gateway.received(alice.id).map(text => JSON.parse(text));
    expect(pushed).toMatchObject([
      { channel: comings, from: 'bob', presence: { event: 'joined', user: 'bob', count: 2 } },
    ]);
    const deaf = { ...alice, identity: anIdentity({ user: userId('alice') }) };
    await expect(follow({ subscribe }, deaf, comings)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is refused without the capability, and where it is not kept', async () => {
    const { join, presence } = aRoom();
    const alice = await join('alice');
    const nobody = anIdentity({ capabilities: [{ pattern: 'room:*', actions: ['subscribe'] }] });
    await expect(presence.execute(nobody, lobby)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(presence.execute(alice.identity, aChannel('user:alice'))).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('can be written by nobody, not even an admin', async () => {
    const { sendMessage } = aRoom();
    const admin = anIdentity({ admin: true });
    await expect(sendMessage.execute(admin, { channel: comings, data: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
