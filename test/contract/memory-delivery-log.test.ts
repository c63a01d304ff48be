import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import type { MemoryDeliveryLogOptions } from '../../src/adapters/local/memory-delivery-log.ts';
import { MemoryDeliveryLog } from '../../src/adapters/local/memory-delivery-log.ts';
import { notificationId, userId } from '../../src/domain/ids.ts';
import { deliveryLogContract } from './delivery-log.contract.ts';

deliveryLogContract({
  name: 'MemoryDeliveryLog',
  lacks: { 'two-instances': 'what is kept in memory belongs to one instance' },
  open: async () => {
    const clock = new ManualClock();
    return { port: new MemoryDeliveryLog({ clock }), clock, advance: ms => clock.advance(ms) };
  },
});

describe('The bounds of MemoryDeliveryLog', () => {
  const told = async (limits: Partial<MemoryDeliveryLogOptions>) => {
    const clock = new ManualClock();
    const log = new MemoryDeliveryLog({ clock, ...limits });
    for (const name of ['a', 'b', 'a', 'c'])
      await log.append([
        {
          notificationId: notificationId(name),
          user: userId('alice'),
          at: clock.now(),
          event: { kind: 'push-planned', dueAt: Math.random() },
        },
      ]);
    const counts = [];
    for (const name of ['a', 'b', 'c'])
      counts.push((await log.find(notificationId(name), { limit: 10 })).entries.length);
    return counts;
  };

  test('with more notifications than there is room for, the first is forgotten', async () => {
    expect(await told({ maxNotifications: 2 })).toEqual([0, 1, 1]);
  });

  test('with more entries than there is room for, likewise', async () => {
    expect(await told({ maxEntries: 3 })).toEqual([0, 1, 1]);
    expect(await told({ maxEntries: 4 })).toEqual([2, 1, 1]);
  });
});
