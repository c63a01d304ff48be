import { describe, expect, test } from 'vitest';
import { connectionId, userId } from '../../src/domain/ids.ts';
import { PRESENCE_GRACE_MS } from '../../src/domain/use-cases/track-presence.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import type { WorldOptions } from '../support/world.ts';
import { aWorld, follow } from '../support/world.ts';

const lobby = aChannel('room:lobby');
const comings = aChannel('presence:room:lobby');

const aRoom = (options: WorldOptions = {}) => {
  const world = aWorld({ rules: [{ pattern: 'room:*', presence: true }], ...options });
  let sockets = 0;
  const join = async (name: string) => {
    const identity = anIdentity({
      user: userId(name),
      capabilities: [{ pattern: 'room:*', actions: ['subscribe', 'presence'] }],
    });
    const id = connectionId(`socket-${++sockets}=`);
    const connection = await world.connect.execute({ id, identity, longestLifeMs: 7_200_000 });
    await follow(world, connection, lobby);
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
