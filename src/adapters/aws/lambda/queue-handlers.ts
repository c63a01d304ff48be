import type { DeliveryPolicy } from '../../../domain/delivery-policy.ts';
import type { Deliver } from '../../../domain/use-cases/deliver.ts';
import type { FanOut } from '../../../domain/use-cases/fan-out.ts';
import type { TellPresence } from '../../../domain/use-cases/tell-presence.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { MessageStore } from '../../../ports/message-store.ts';
import { decodeJob, decodeMessage } from '../messaging/envelope.ts';
import { decodePresenceLook } from '../messaging/sqs-presence-queue.ts';
import type { LambdaContext } from './events.ts';
import { parseEvent, snsEnvelope, sqsEvent } from './events.ts';
import type { BatchAnswer } from './process-records.ts';
import { processRecords } from './process-records.ts';

/** What a job needs after its last retry: to hand the rest on, and to answer. */
const CLOSING_MS = 3_000;

interface QueueParts {
  readonly store: MessageStore;
  readonly logger: Logger;
}

/** Messages from the topic's queue. */
export const fanOutHandler =
  ({ fanOut, store, logger }: QueueParts & { readonly fanOut: FanOut }) =>
  async (event: unknown, context: LambdaContext): Promise<BatchAnswer> =>
    processRecords(parseEvent(sqsEvent, event).Records, context, logger, async body =>
      fanOut.execute(await decodeMessage(unwrap(body), store)),
    );

/** Delivery jobs. A job retries for as long as its policy and this invocation's time allow. */
export const deliverHandler =
  ({
    deliver,
    policy,
    store,
    logger,
  }: QueueParts & { readonly deliver: Deliver; readonly policy: DeliveryPolicy }) =>
  async (event: unknown, context: LambdaContext): Promise<BatchAnswer> =>
    processRecords(parseEvent(sqsEvent, event).Records, context, logger, async body => {
      const job = await decodeJob(body, store);
      const left = context.getRemainingTimeInMillis() - CLOSING_MS;
      await deliver.execute(job, { retryBudgetMs: Math.max(0, Math.min(policy.retryBudgetMs, left)) });
    });

/** Looks at who is here that are due. */
export const presenceHandler =
  ({ tellPresence, logger }: { readonly tellPresence: TellPresence; readonly logger: Logger }) =>
  async (event: unknown, context: LambdaContext): Promise<BatchAnswer> =>
    processRecords(parseEvent(sqsEvent, event).Records, context, logger, async body =>
      tellPresence.execute(decodePresenceLook(body)),
    );

/** The body as it was published, with or without SNS's envelope around it. */
const unwrap = (body: string): string => {
  try {
    const envelope = snsEnvelope.safeParse(JSON.parse(body));
    return envelope.success ? envelope.data.Message : body;
  } catch {
    return body; // not JSON: decoding says so
  }
};
