import { expect } from 'vitest';
import { userId } from '../../src/domain/ids.ts';
import type { PushTask } from '../../src/domain/push-task.ts';
import type { PushQueue } from '../../src/ports/push-queue.ts';
import type { Fixture, Harness } from '../support/harness.ts';
import { contract } from '../support/harness.ts';

export interface PushQueueFixture extends Fixture<PushQueue> {
  /** What was begun, in the order in which it was. */
  readonly begun: readonly PushTask[];
  begunAtLeast(count: number): Promise<void>;
}

const aTask = (id: string, dueAt: number): PushTask => ({
  kind: 'withdraw',
  id,
  user: userId('alice'),
  dueAt,
  attempt: 0,
});

const idsOf = (tasks: readonly PushTask[]): readonly string[] => tasks.map(({ id }) => id).sort();

export const pushQueueContract = (harness: Harness<PushQueueFixture>): void =>
  contract('PushQueue', harness, promises => {
    promises('begins what it took on, as it was', async open => {
      const { port, clock, begun, begunAtLeast } = await open();
      const task = aTask('one', clock.now());
      await port.enqueue([task]);
      await begunAtLeast(1);
      expect(begun).toEqual([task]);
    });

    promises('takes on more at once than a batch of the platform holds', async open => {
      const { port, clock, begun, begunAtLeast } = await open();
      const tasks = Array.from({ length: 23 }, (_, index) => aTask(`task-${index}`, clock.now()));
      await port.enqueue(tasks);
      await begunAtLeast(23);
      expect(idsOf(begun)).toEqual(idsOf(tasks));
    });

    promises('takes on none without a word', async open => {
      const { port } = await open();
      await port.enqueue([]);
    });

    promises('begins nothing before it is due, and what is overdue at once', async open => {
      const { port, clock, begun, advance, begunAtLeast } = await open();
      const late = aTask('late', clock.now() + 3_000);
      await port.enqueue([late, aTask('overdue', clock.now() - 60_000)]);
      await begunAtLeast(1);
      expect(idsOf(begun)).toEqual(['overdue']);
      await advance(3_000);
      await begunAtLeast(2);
      expect(clock.now()).toBeGreaterThanOrEqual(late.dueAt);
    });

    promises('refuses what is due later than it can wait', async open => {
      const { port, clock } = await open();
      const tooLate = aTask('too late', clock.now() + 901_000);
      await expect(port.enqueue([tooLate])).rejects.toMatchObject({ code: 'invalid' });
    });
  });
