import * as z from 'zod/mini';
import { FanfareError } from '../../../domain/errors.ts';
import { scheduleId } from '../../../domain/schedule.ts';
import type { Alarm } from '../../../ports/scheduler.ts';

const record = z.strictObject({ schedule: z.string(), at: z.number() });

export const encodeAlarm = ({ schedule, at }: Alarm): string => JSON.stringify({ schedule, at });

/** @throws FanfareError `invalid` for what is no alarm of ours */
export const decodeAlarm = (text: string): Alarm => {
  try {
    const { schedule, at } = record.parse(JSON.parse(text));
    return { schedule: scheduleId(schedule), at };
  } catch (cause) {
    throw new FanfareError('invalid', 'the record is no alarm of a schedule', { cause });
  }
};
