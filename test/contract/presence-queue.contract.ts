import { expect } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { PresenceEvent } from '../../src/domain/presence.ts';
import type { PresenceQueue } from '../../src/ports/presence-queue.ts';
import { aChannel } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export interface PresenceQueueFixture extends Fixture<PresenceQueue> {
  /** What the consumer got, in the order in which it came. */
  readonly received: readonly PresenceEvent[];
  /** Makes the consumer fail the next so many times. */
  failNext(times: number): void;
  /** Resolves when so many have been received. */
  receivedAtLeast(count: number): Promise<void>;
}

const event = (id: string): PresenceEvent => ({
  id,
  channel: aChannel('room:lobby'),
  user: userId('alice'),
  event: 'leaving',
});

export const presenceQueueContract = (harness: Harness<PresenceQueueFixture>): void =>
  contract('PresenceQueue', harness, promises => {
    promises('brings back what was put in', async open => {
      const { port, received, receivedAtLeast } = await open();
      await port.enqueue([event('one'), event('two')]);
      await receivedAtLeast(2);
      expect([...received].sort((one, other) => one.id.localeCompare(other.id))).toEqual([
        event('one'),
        event('two'),
      ]);
    });

    promises('takes more at once than a batch of the platform holds', async open => {
      const { port, received, receivedAtLeast } = await open();
      const events = Array.from({ length: 23 }, (_, index) => event(`event-${index}`));
      await port.enqueue(events);
      await receivedAtLeast(23);
      expect(new Set(received.map(({ id }) => id)).size).toBe(23);
    });

    promises('takes none without a word', async open => {
      const { port } = await open();
      await port.enqueue([]);
    });

    promises('brings nothing back before its delay is over', async open => {
      const { port, received, advance, receivedAtLeast } = await open();
      await port.enqueue([event('late')], 2_000);
      await port.enqueue([event('soon')]);
      await receivedAtLeast(1);
      expect(received.map(({ id }) => id)).toEqual(['soon']);
      await advance(2_000);
      await receivedAtLeast(2);
    });

    promises('gives out again what its consumer failed on', async open => {
      const { port, received, failNext, receivedAtLeast } = await open();
      failNext(1);
      await port.enqueue([event('again')]);
      await receivedAtLeast(1);
      expect(received).toEqual([event('again')]);
    });
  });
