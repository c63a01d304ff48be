import { expect } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { PresenceLook } from '../../src/domain/presence.ts';
import type { PresenceQueue } from '../../src/ports/presence-queue.ts';
import { aChannel } from '../support/builders.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export interface PresenceQueueFixture extends Fixture<PresenceQueue> {
  /** What the consumer got, in the order in which it came. */
  readonly received: readonly PresenceLook[];
  /** Makes the consumer fail the next so many times. */
  failNext(times: number): void;
  /** Resolves when so many have been received. */
  receivedAtLeast(count: number): Promise<void>;
}

const look = (name: string): PresenceLook => ({
  channel: aChannel('room:lobby'),
  user: userId(name),
  reason: 'left',
});

export const presenceQueueContract = (harness: Harness<PresenceQueueFixture>): void =>
  contract('PresenceQueue', harness, promises => {
    promises('brings back what was put in', async open => {
      const { port, received, receivedAtLeast } = await open();
      const looks: readonly PresenceLook[] = [
        look('alice'),
        { ...look('bob'), reason: 'entered' },
        { ...look('cleo'), reason: 'watch', joining: 'decision-1' },
      ];
      await port.enqueue(looks);
      await receivedAtLeast(3);
      expect([...received].sort((one, other) => one.user.localeCompare(other.user))).toEqual(looks);
    });

    promises('takes more at once than a batch of the platform holds', async open => {
      const { port, received, receivedAtLeast } = await open();
      const looks = Array.from({ length: 23 }, (_, index) => look(`user-${index}`));
      await port.enqueue(looks);
      await receivedAtLeast(23);
      expect(new Set(received.map(({ user }) => user)).size).toBe(23);
    });

    promises('takes none without a word', async open => {
      const { port } = await open();
      await port.enqueue([]);
    });

    promises('brings nothing back before its delay is over', async open => {
      const { port, received, advance, receivedAtLeast } = await open();
      await port.enqueue([look('late')], 2_000);
      await port.enqueue([look('soon')]);
      await receivedAtLeast(1);
      expect(received.map(({ user }) => user)).toEqual(['soon']);
      await advance(2_000);
      await receivedAtLeast(2);
    });

    promises('refuses a delay that is longer than any platform has', async open => {
      const { port } = await open();
      await expect(port.enqueue([look('late')], 900_001)).rejects.toMatchObject({ code: 'invalid' });
    });

    promises('gives out again what its consumer failed on', async open => {
      const { port, received, failNext, receivedAtLeast } = await open();
      failNext(1);
      await port.enqueue([look('again')]);
      await receivedAtLeast(1);
      expect(received).toEqual([look('again')]);
    });
  });
