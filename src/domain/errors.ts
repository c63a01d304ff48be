/** What went wrong, in words that HTTP, the socket and the command line each translate to their own. */
export type ErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'limit-exceeded'
  | 'rate-limited'
  | 'unavailable'
  | 'internal';

export interface ErrorDetails {
  /** The input's field at fault, as a path: `to[3]`, `data.items`. */
  readonly field?: string;
  /** How long to wait before trying again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['rate-limited', 'unavailable', 'internal']);

/** An error that a caller may be told about. Anything else thrown is a defect and is answered as `internal`. */
export class FanfareError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly field: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'FanfareError';
    this.code = code;
    this.retryable = RETRYABLE.has(code) || details.retryAfterMs !== undefined;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The message of anything thrown, for a log line or a dead letter. */
/** Whether somebody has to look into it: it is no caller's doing, and its words are for the log. */
export const isOurs = (error: unknown): boolean =>
  !(error instanceof FanfareError) || error.code === 'internal' || error.code === 'unavailable';

export const causeOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
