import * as z from 'zod/mini';
import { FanfareError } from '../../../domain/errors.ts';
import type { PushTask } from '../../../domain/push-task.ts';

// Apart from who writes it, since a function that writes need not carry what reads.

const record = z.looseObject({
  kind: z.enum(['decide', 'digest', 'send', 'withdraw']),
  id: z.string(),
  user: z.string(),
  dueAt: z.number(),
  attempt: z.int().check(z.minimum(0)),
});

/** @throws FanfareError `invalid` for what is no task of ours */
export const decodePushTask = (text: string): PushTask => {
  try {
    return record.parse(JSON.parse(text)) as unknown as PushTask;
  } catch (cause) {
    throw new FanfareError('invalid', 'the record is no work for phones', { cause });
  }
};
