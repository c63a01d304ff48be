import { causeOf, FanfareError } from '../../domain/errors.ts';

/** What every AWS SDK error carries. */
interface SdkError {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

export const statusOf = (error: unknown): number | undefined => {
  const { $metadata, $response } = error as SdkError;
  return $metadata?.httpStatusCode ?? $response?.statusCode;
};

export const nameOf = (error: unknown): string => (error as SdkError).name ?? 'Error';

/** The one place where errors of SNS, SQS and Secrets Manager become ours. What was asked for is named by `what`. */
export const translateAwsError = (error: unknown, what: string): FanfareError => {
  if (error instanceof FanfareError) return error;
  const name = nameOf(error);
  const missing = /NotFound|NonExistent|DoesNotExist/.test(name);
  const denied = /AccessDenied|AuthorizationError|UnrecognizedClient|InvalidClientTokenId/.test(name);
  if (missing) return new FanfareError('internal', `${what} does not exist`, { cause: error });
  if (denied) return new FanfareError('internal', `this function may not use ${what}`, { cause: error });
  return new FanfareError('unavailable', `${what} is not available: ${name}: ${causeOf(error)}`, {
    cause: error,
  });
};
