/** The server's codes, and the client's own: what ended without an answer, or never left. */
export type ErrorCode =
  | 'invalid'
  | 'forbidden'
  | 'unauthenticated'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'limit-exceeded'
  | 'rate-limited'
  | 'unavailable'
  | 'internal'
  | 'disconnected'
  | 'timeout'
  | 'queue-full'
  | 'closed';

export class FanfareError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** The part of the request at fault. */
  readonly field?: string;
  /** How long to wait before trying again, where the server said so. */
  readonly retryAfterMs?: number;

  constructor(code: ErrorCode, message: string, more: ErrorDetails = {}) {
    super(message, more);
    this.name = 'FanfareError';
    this.code = code;
    this.retryable = more.retryable ?? false;
    this.field = more.field;
    this.retryAfterMs = more.retryAfter && more.retryAfter * 1e3;
  }
}

interface ErrorDetails extends ErrorOptions {
  readonly retryable?: boolean;
  readonly field?: string;
  /** Seconds, as on the wire. */
  readonly retryAfter?: number;
}

/** An error frame, or the error of one channel of many. */
export interface Refusal extends ErrorDetails {
  readonly code: ErrorCode;
  readonly message: string;
}

export const refusal = (error: Refusal): FanfareError => new FanfareError(error.code, error.message, error);
