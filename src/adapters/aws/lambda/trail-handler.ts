import { causeOf } from '../../../domain/errors.ts';
import type { TrailEntry } from '../../../domain/trail.ts';
import type { TrailWriter } from '../../../ports/delivery-log.ts';
import type { Logger } from '../../../ports/logger.ts';
import { decodeTrail } from '../messaging/trail-record.ts';
import type { SqsRecord } from './events.ts';
import { parseEvent, sqsEvent } from './events.ts';
import type { BatchAnswer } from './process-records.ts';

export interface TrailParts {
  readonly log: TrailWriter;
  readonly logger: Logger;
}

/** All records in one go; where that fails each for itself, so that one that cannot be kept fails alone. */
export const trailHandler =
  ({ log, logger }: TrailParts) =>
  async (event: unknown): Promise<BatchAnswer> => {
    const failed = new Set<string>();
    const attempt = async (messageId: string, work: () => Promise<void> | void): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failed.add(messageId);
        logger.error('record.failed', { sqsMessageId: messageId, cause: causeOf(error) });
      }
    };
    const decoded: { readonly messageId: string; readonly entries: readonly TrailEntry[] }[] = [];
    const decode = ({ messageId, body }: SqsRecord): Promise<void> =>
      attempt(messageId, () => {
        decoded.push({ messageId, entries: decodeTrail(body) });
      });
    for (const record of parseEvent(sqsEvent, event).Records) await decode(record);
    try {
      await log.append(decoded.flatMap(({ entries }) => entries));
    } catch (error) {
      logger.warn('trail.one-by-one', { records: decoded.length, cause: causeOf(error) });
      for (const { messageId, entries } of decoded) await attempt(messageId, () => log.append(entries));
    }
    return { batchItemFailures: [...failed].map(itemIdentifier => ({ itemIdentifier })) };
  };
