import type { FanfareError } from '../domain/errors.ts';
import type { ErrorView } from './server-frames.ts';

export const viewError = ({ code, message, retryable, field, retryAfterMs }: FanfareError): ErrorView => ({
  code,
  message,
  retryable,
  ...(field === undefined ? {} : { field }),
  ...(retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1_000 }),
});
