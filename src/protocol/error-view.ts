import type { FanfareError } from '../domain/errors.ts';

/** Why a request on a socket was not carried out. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly field?: string;
  /** How long to wait before trying again, in seconds. */
  readonly retryAfter?: number;
}

export const viewError = ({ code, message, retryable, field, retryAfterMs }: FanfareError): ErrorView => ({
  code,
  message,
  retryable,
  ...(field === undefined ? {} : { field }),
  ...(retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1_000 }),
});
