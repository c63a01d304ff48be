import * as z from 'zod';
import type { DeadLetter } from '../domain/delivery.ts';
import { REDRIVE_LIMIT } from '../domain/delivery.ts';
import { channelView, countView, epochView, messageIdView, messageOffsetView, timeView } from './fields.ts';
import { isoOf } from './iso-time.ts';

export const deadLetterView = z
  .object({
    id: z.string().meta({ example: 'ntf_01k9zq3v5e8w2.user:alice/p0#5' }),
    channel: channelView,
    messageId: messageIdView,
    epoch: epochView,
    offset: messageOffsetView,
    connections: countView.meta({ description: 'How many did not get it' }),
    cause: z.string().meta({ example: 'throttled (3)' }),
    failedAt: timeView,
  })
  .meta({ id: 'DeadLetter' });

export const deadLettersView = z
  .object({
    deadLetters: z.array(deadLetterView),
    complete: z.boolean().meta({ description: 'There are no others' }),
  })
  .meta({ id: 'DeadLetters' });

export const redriveQuery = z.object({ limit: z.coerce.number().int().min(1).max(REDRIVE_LIMIT).optional() });

export const redriveRequest = z
  .strictObject({ limit: z.int().min(1).max(REDRIVE_LIMIT).optional() })
  .meta({ id: 'RedriveRequest' });

export const redriveReceipt = z
  .object({ redriven: countView.meta({ description: 'How many were put back' }) })
  .meta({ id: 'RedriveReceipt' });

/** A dead letter in the words of the wire. */
export const viewDeadLetter = ({ job, cause, failedAt }: DeadLetter): z.output<typeof deadLetterView> => {
  const { id, message, connectionIds } = job;
  const { channel, id: messageId, epoch, offset } = message;
  const connections = connectionIds.length;
  return {
    id,
    channel,
    messageId,
    epoch,
    offset,
    connections,
    cause,
    failedAt: isoOf(failedAt),
  };
};
