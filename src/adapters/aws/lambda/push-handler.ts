import type { RunPushes } from '../../../domain/use-cases/run-pushes.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { PushQueue } from '../../../ports/push-queue.ts';
import { decodePushTask } from '../messaging/push-record.ts';
import type { LambdaContext } from './events.ts';
import { isMinute, parseEvent, sqsEvent } from './events.ts';
import type { BatchAnswer } from './process-records.ts';
import { processRecords } from './process-records.ts';

export interface PushParts {
  /** Where one task is known by its id, and waits for as long as it has to. */
  readonly tasks: PushQueue;
  readonly runPushes: RunPushes;
  readonly logger: Logger;
}

/**
 * Tasks from the queue, which are due: they are kept, and then whatever is due is worked off, as it is each minute. A record
 * is done once its task is kept.
 */
export const pushHandler =
  ({ tasks, runPushes, logger }: PushParts) =>
  async (event: unknown, context: LambdaContext): Promise<BatchAnswer | undefined> => {
    const answer = isMinute(event)
      ? undefined
      : await processRecords(parseEvent(sqsEvent, event).Records, context, logger, body =>
          tasks.enqueue([decodePushTask(body)]),
        );
    await runPushes.execute();
    await runPushes.drain();
    // What followed from those that were under way: a push from a decision.
    await runPushes.execute();
    await runPushes.drain();
    return answer;
  };
