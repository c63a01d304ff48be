import { causeOf } from '../../../domain/errors.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { LambdaContext, SqsRecord } from './events.ts';

/** With less than this left, no new record is begun. */
const LAST_START_MS = 2_000;

export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Handles each record for itself and reports those that failed, so that one bad record never re-delivers its
 * neighbours. Records that there is no time left for are handed back as well.
 */
export const processRecords = async (
  records: readonly SqsRecord[],
  context: LambdaContext,
  logger: Logger,
  handle: (body: string) => Promise<void>,
): Promise<BatchAnswer> => {
  const failed: string[] = [];
  const work = async ({ messageId, body }: SqsRecord): Promise<void> => {
    if (context.getRemainingTimeInMillis() < LAST_START_MS) {
      failed.push(messageId);
      logger.warn('record.handed-back', { sqsMessageId: messageId, requestId: context.awsRequestId });
      return;
    }
    try {
      await handle(body);
    } catch (error) {
      failed.push(messageId);
      const fields = { sqsMessageId: messageId, requestId: context.awsRequestId, cause: causeOf(error) };
      logger.error('record.failed', fields);
    }
  };
  await Promise.all(records.map(work));
  return { batchItemFailures: failed.map(itemIdentifier => ({ itemIdentifier })) };
};
