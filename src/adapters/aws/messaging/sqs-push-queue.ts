import type { PushTask } from '../../../domain/push-task.ts';
import type { PushQueue } from '../../../ports/push-queue.ts';
import type { SqsSenderOptions } from './sqs-sender.ts';
import { SqsSender } from './sqs-sender.ts';

/**
 * For who cannot run tasks when they are due: hands them, at that time, to the function that can. It takes the same task on
 * twice; that function keeps tasks where one is known by its id.
 */
export class SqsPushQueue implements PushQueue {
  readonly #options: SqsSenderOptions;
  readonly #sender: SqsSender;

  constructor(options: SqsSenderOptions) {
    this.#options = options;
    this.#sender = new SqsSender(options);
  }

  async enqueue(tasks: readonly PushTask[]): Promise<void> {
    const now = this.#options.clock.now();
    // A batch has one delay, in whole seconds.
    const bySeconds = Map.groupBy(tasks, ({ dueAt }) => Math.ceil(Math.max(0, dueAt - now) / 1_000));
    for (const [seconds, due] of bySeconds) {
      await this.#sender.send(
        due.map(task => JSON.stringify(task)),
        seconds * 1_000,
      );
    }
  }
}
