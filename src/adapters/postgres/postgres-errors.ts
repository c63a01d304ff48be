import { FanfareError } from '../../domain/errors.ts';

/** SQLSTATEs of a transaction that would do if tried again: serialization failure, deadlock, unique violation. */
const CONFLICTS = new Set(['40001', '40P01', '23505']);

/** SQLSTATE classes of a database that is not there, is full, is shutting down, or took too long. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '55', '57', '58']);

/** Node's codes for the wire. */
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);

/** Node's codes for a certificate that is of no authority it knows, not for this host, or over. */
const UNTRUSTED_CODE =
  /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_|ERR_TLS_CERT)/;

/** What `pg` says without a code. */
const UNAVAILABLE_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|is not queryable|cannot use a pool after/i;

const RETRY_AFTER_MS = 1_000;

export const isConflict = (error: unknown): boolean => CONFLICTS.has(codeOf(error));

/** What the database could not do for now is `unavailable`; anything else is a defect and stays what it is. */
export const explain = (error: unknown): unknown => {
  if (error instanceof FanfareError) return error;
  const code = codeOf(error);
  if (UNTRUSTED_CODE.test(code)) {
    const message = `the database's certificate cannot be trusted: ${(error as Error).message}`;
    return new FanfareError('internal', message, { cause: error });
  }
  const isUnavailable =
    isConflict(error) ||
    UNAVAILABLE_CODES.has(code) ||
    (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2))) ||
    (error instanceof Error && UNAVAILABLE_MESSAGE.test(error.message));
  if (!isUnavailable) return error;
  return new FanfareError('unavailable', 'the database does not answer now', {
    retryAfterMs: RETRY_AFTER_MS,
    cause: error,
  });
};

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
};
