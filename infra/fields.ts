import { z } from 'zod';

// What fields of an environment have in common.

export const whole = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

export const text = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });
