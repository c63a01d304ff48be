import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryConnectionRegistry } from '../../src/adapters/local/memory-connection-registry.ts';
import { BROADCAST } from '../../src/domain/channel.ts';
import { connectionId } from '../../src/domain/ids.ts';
import { aChannel, aConnection } from '../support/builders.ts';
import { connectionRegistryContract } from './connection-registry.contract.ts';

connectionRegistryContract({
  name: 'MemoryConnectionRegistry',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async ({ shards = 1 } = {}) => {
    const clock = new ManualClock();
    const port = new MemoryConnectionRegistry({ clock, shards: () => shards });
    return { port, clock, advance: ms => clock.advance(ms) };
  },
});

test('the whole of a channel is one and the same page until someone comes, goes or expires', async () => {
  const clock = new ManualClock();
  const registry = new MemoryConnectionRegistry({ clock });
  const page = () => registry.members(BROADCAST, { shard: 0, limit: 1_000 });
  await registry.register(aConnection({ expiresAt: clock.now() + 60_000 }), [BROADCAST]);
  const first = await page();
  expect(await page()).toBe(first);

  const second = aConnection();
  await registry.register(second, [BROADCAST]);
  expect((await page()).connectionIds).toHaveLength(2);
  await registry.remove(second.id);
  expect((await page()).connectionIds).toEqual(first.connectionIds);
  await clock.advance(60_000);
  expect((await page()).connectionIds).toEqual([]);
  expect(first.connectionIds).toHaveLength(1);
});

test('a page never changes in the hands of who reads it', async () => {
  const registry = new MemoryConnectionRegistry({ clock: new ManualClock() });
  const connection = aConnection();
  await registry.register(connection, [BROADCAST]);
  const page = await registry.members(BROADCAST, { shard: 0, limit: 10 });
  await registry.register(aConnection(), [BROADCAST]);
  await registry.remove(connection.id);
  expect(page.connectionIds).toEqual([connection.id]);
});

test('broadcast can have shards of its own', () => {
  const registry = new MemoryConnectionRegistry({
    clock: new ManualClock(),
    shards: { default: 1, broadcast: 8 },
  });
  expect(registry.shards(BROADCAST)).toBe(8);
  expect(registry.shards(aChannel('room:lobby'))).toBe(1);
});

test('shards share the members evenly', async () => {
  const registry = new MemoryConnectionRegistry({ clock: new ManualClock(), shards: () => 4 });
  for (let index = 0; index < 1_000; index++) {
    await registry.register(aConnection({ id: connectionId(`AbCdEf${index}=`) }), [BROADCAST]);
  }
  for (let shard = 0; shard < 4; shard++) {
    const { connectionIds } = await registry.members(BROADCAST, { shard, limit: 1_000 });
    expect(connectionIds.length).toBeGreaterThan(200);
    expect(connectionIds.length).toBeLessThan(300);
  }
});

test('removals are forgotten after their time, and the oldest beyond the bound', async () => {
  const clock = new ManualClock();
  const registry = new MemoryConnectionRegistry({ clock, removedMemoryMs: 60_000, removedMemoryEntries: 2 });
  const [first, second, third] = [aConnection(), aConnection(), aConnection()];
  for (const { id } of [first, second, third]) await registry.remove(id);
  expect(await registry.register(first, [])).toBe('registered');
  expect(await registry.register(second, [])).toBe('removed');
  await clock.advance(60_000);
  expect(await registry.register(third, [])).toBe('registered');
});
