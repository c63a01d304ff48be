import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { MemoryPresenceQueue } from '../../src/adapters/local/memory-presence-queue.ts';
import { userId } from '../../src/domain/ids.ts';
import type { PresenceLook } from '../../src/domain/presence.ts';
import { aChannel } from '../support/builders.ts';
import { RecordingLogger } from '../support/fakes.ts';
import { presenceQueueContract } from './presence-queue.contract.ts';

presenceQueueContract({
  name: 'MemoryPresenceQueue',
  open: async () => {
    const clock = new ManualClock();
    const port = new MemoryPresenceQueue({ clock, logger: new RecordingLogger() });
    const received: PresenceLook[] = [];
    let failures = 0;
    port.consume(async look => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the consumer failed');
      }
      received.push(look);
    });
    return {
      port,
      clock,
      advance: ms => clock.advance(ms),
      received,
      failNext: times => {
        failures = times;
      },
      receivedAtLeast: async count => {
        await clock.advance(0);
        if (received.length < count) await clock.advance(60_000);
        expect(received.length).toBeGreaterThanOrEqual(count);
      },
    };
  },
});

test('what fails for good is given up, and said so', async () => {
  const clock = new ManualClock();
  const logger = new RecordingLogger();
  const queue = new MemoryPresenceQueue({ clock, logger });
  queue.consume(async () => {
    throw new Error('always');
  });
  await queue.enqueue([{ channel: aChannel(), user: userId('alice'), reason: 'entered' }]);
  await clock.advance(120_000);
  expect(logger.lines.map(({ event }) => event)).toEqual([
    ...Array(4).fill('presence.failed'),
    'presence.given-up',
  ]);
});
