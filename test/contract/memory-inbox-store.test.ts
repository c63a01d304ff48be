import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryInboxStore } from '../../src/adapters/local/memory-inbox-store.ts';
import { messageId, userId } from '../../src/domain/ids.ts';
import { aNotification } from '../support/builders.ts';
import { inboxStoreContract } from './inbox-store.contract.ts';

inboxStoreContract({
  name: 'MemoryInboxStore',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryInboxStore({ clock }), clock, advance: ms => clock.advance(ms) };
  },
});

const entry = (clock: ManualClock, offset: number) => ({
  messageId: messageId(`m${offset}`),
  offset,
  sentAt: clock.now(),
  notification: aNotification(),
});

test('beyond the bound, the oldest entry is forgotten', async () => {
  const clock = new ManualClock();
  const store = new MemoryInboxStore({ clock, maxEntries: 2 });
  for (const offset of [1, 2, 3]) await store.add(userId('alice'), entry(clock, offset));
  const { items } = await store.list(userId('alice'), { filter: 'all', limit: 10 });
  expect(items.map(({ offset }) => offset)).toEqual([3, 2]);
});

test('with more users than there is room for, the inbox written to longest ago is forgotten', async () => {
  const clock = new ManualClock();
  const store = new MemoryInboxStore({ clock, maxUsers: 2 });
  for (const user of ['alice', 'bob', 'alice', 'carol']) await store.add(userId(user), entry(clock, 1));
  const counts = [];
  for (const user of ['alice', 'bob', 'carol']) {
    counts.push((await store.list(userId(user), { filter: 'all', limit: 10 })).items.length);
  }
  expect(counts).toEqual([1, 0, 1]);
});
