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

/** A device is answered for within 15 s; what is due then waits for the next minute. */
const LAST_START_MS = 20_000;

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
    const mayBegin = (): boolean => context.getRemainingTimeInMillis() > LAST_START_MS;
    // Again and again, since something follows from what was under way: a push from a decision.
    while ((await runPushes.execute(mayBegin)) > 0) await runPushes.drain();
    return answer;
  };
