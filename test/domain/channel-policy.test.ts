import { describe, expect, test } from 'vitest';
import { ChannelPolicies, DEFAULT_RETENTION } from '../../src/domain/channel-policy.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { aChannel, anIdentity } from '../support/builders.ts';
import { aWorld, follow } from '../support/world.ts';

const lobby = aChannel('room:lobby');
const admin = anIdentity({ admin: true });
const member = anIdentity({
  capabilities: [{ pattern: 'room:*', actions: ['subscribe', 'publish', 'history'] }],
});

describe('The policy of a channel', () => {
  test('is the first rule that names it, over the defaults', () => {
    const retention = { maxMessages: 5, maxAgeMs: 1_000 };
    const policies = new ChannelPolicies(DEFAULT_RETENTION, [
      { pattern: 'room:quiet', history: false },
      { pattern: 'room:*', retention, presence: true },
    ]);
    expect(policies.of(aChannel('room:quiet'))).toMatchObject({ history: false, presence: false });
    expect(policies.of(lobby)).toMatchObject({ retention, history: true, publish: 'token' });
    expect(policies.of(aChannel('user:alice')).retention).toEqual(DEFAULT_RETENTION);
    expect(policies.of(aChannel('presence:room:lobby')).presence).toBe(false);
    expect([policies.keepPresence, new ChannelPolicies().keepPresence]).toEqual([true, false]);
  });

  test('without history gives none, and replays none', async () => {
    const world = aWorld({ rules: [{ pattern: 'room:*', history: false }] });
    const request = { id: connectionId('s='), identity: member, longestLifeMs: 7_200_000 };
    const connection = await world.connect.execute(request);
    const since = await world.store.position(lobby);
    await world.sendMessage.execute(member, { channel: lobby, data: 1 });
    await expect(world.history.execute(member, lobby, {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(await follow(world, connection, lobby, since)).toMatchObject({ recovered: false, missed: [] });
  });

  test('for admins alone refuses what others publish', async () => {
    const world = aWorld({ rules: [{ pattern: 'room:*', publish: 'admin' }] });
    const message = { channel: lobby, data: 1 };
    await expect(world.sendMessage.execute(member, message)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await world.sendMessage.execute(admin, message)).toMatchObject({ offset: 1 });
  });

  test('refuses a payload that does not fit, and names where', async () => {
    const check = (data: unknown) =>
      typeof data === 'string' ? undefined : { field: 'data.text', message: 'expected text' };
    const world = aWorld({ rules: [{ pattern: 'room:*', check }] });
    await expect(world.sendMessage.execute(member, { channel: lobby, data: 1 })).rejects.toMatchObject({
      code: 'invalid',
      field: 'data.text',
    });
    expect((await world.store.position(lobby)).offset).toBe(0);
    await world.sendMessage.execute(member, { channel: lobby, data: 'fits' });
  });

  test('takes no more messages than its rate, from all together', async () => {
    const world = aWorld({ rules: [{ pattern: 'room:*', rate: { perSecond: 1, burst: 2 } }] });
    const message = { channel: lobby, data: 1 };
    await world.sendMessage.execute(member, message);
    await world.sendMessage.execute(admin, message);
    await expect(world.sendMessage.execute(member, message)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 1_000,
    });
    await world.clock.advance(1_000);
    await world.sendMessage.execute(member, message);
  });
});

describe('A message with a key', () => {
  test('is one message, however often it is sent', async () => {
    const world = aWorld();
    const message = { channel: lobby, data: 'hi', key: 'k1' };
    const first = await world.sendMessage.execute(member, message);
    expect(await world.sendMessage.execute(member, message)).toMatchObject({
      id: first.id,
      offset: first.offset,
    });
    expect((await world.store.position(lobby)).offset).toBe(1);
  });

  test("is another user's own, whatever key they choose", async () => {
    const world = aWorld();
    const message = { channel: lobby, data: 'hi', key: 'k1' };
    await world.sendMessage.execute(member, message);
    await world.sendMessage.execute({ ...admin, user: 'bob' as typeof admin.user }, message);
    expect((await world.store.position(lobby)).offset).toBe(2);
  });
});
