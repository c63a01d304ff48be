import * as z from 'zod';
import type { Cap } from '../domain/category.ts';
import type { LocalTime } from '../domain/local-time.ts';
import { WEEKDAYS } from '../domain/local-time.ts';

/** What both a category of the configuration and a user's preferences can say. */
export const categoryName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: 'expected 1 to 64 of A-Z a-z 0-9 . _ -' });

const LOCAL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export const localTime = z
  .string()
  .refine((text): text is LocalTime => LOCAL_TIME.test(text), {
    error: 'expected a time of day from 00:00 to 23:59',
  })
  .meta({ type: 'string', pattern: LOCAL_TIME.source, example: '09:00' });

export const digest = z
  .discriminatedUnion(
    'every',
    [
      z.strictObject({ every: z.literal('hour') }),
      z.strictObject({ every: z.literal('day'), at: localTime }),
      z.strictObject({ every: z.literal('week'), on: z.enum(WEEKDAYS), at: localTime }),
    ],
    { error: 'expected every: hour, day or week' },
  )
  .meta({ id: 'Digest', example: { every: 'day', at: '09:00' } });

/** As it is written: with seconds, where the domain has ms. */
export const cap = z
  .strictObject({
    max: z.int().min(1).max(1_000).meta({ example: 3 }),
    windowSeconds: z.int().min(60).max(2_592_000).meta({ example: 3_600 }),
    over: z.enum(['drop', 'digest']).default('drop').meta({ description: 'What becomes of the rest' }),
  })
  .meta({ id: 'Cap' });

export type CapView = z.output<typeof cap>;

export const capOf = ({ max, windowSeconds, over }: CapView): Cap => ({
  max,
  windowMs: windowSeconds * 1_000,
  over,
});

export const viewCap = ({ max, windowMs, over }: Cap): CapView => ({
  max,
  windowSeconds: windowMs / 1_000,
  over,
});
