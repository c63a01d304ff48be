import { causeOf, FanfareError } from '../../domain/errors.ts';

/** The one place where errors of Valkey become ours: whatever it was, the answer is not to be had now. */
export const unavailable = (error: unknown): FanfareError =>
  new FanfareError('unavailable', `Valkey does not answer: ${causeOf(error)}`, { cause: error });
