import * as z from 'zod/mini';
import { FanfareError } from '../../../domain/errors.ts';
import type { TrailEntry } from '../../../domain/trail.ts';

// Apart from who writes it, since a function that writes need not carry what reads.

const entry = z.looseObject({
  notificationId: z.string(),
  user: z.optional(z.string()),
  at: z.number(),
  event: z.looseObject({ kind: z.string() }),
});
const record = z.strictObject({ entries: z.array(entry) });

/** @throws FanfareError `invalid` for what is no entries of ours */
export const decodeTrail = (text: string): readonly TrailEntry[] => {
  try {
    return record.parse(JSON.parse(text)).entries as unknown as readonly TrailEntry[];
  } catch (cause) {
    throw new FanfareError('invalid', 'the record has no entries of a trail', { cause });
  }
};
