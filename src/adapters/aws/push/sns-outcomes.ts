import { causeOf } from '../../../domain/errors.ts';
import type { PushOutcome } from '../../../domain/push.ts';
import { nameOf, statusOf } from '../aws-errors.ts';

/** How long a throttled caller waits where SNS does not say. */
const THROTTLED_MS = 1_000;

export const isNotFound = (error: unknown): boolean => /^NotFound/.test(nameOf(error));
export const isDisabledEndpoint = (error: unknown): boolean => /^EndpointDisabled/.test(nameOf(error));

/** The endpoint that a refused creation names, since it exists with other attributes. */
export const existingEndpoint = (error: unknown): string | undefined =>
  /Endpoint (arn:\S+) already exists with the same Token/.exec(causeOf(error))?.[1];

/**
 * What an error of SNS means for the push. Those that no other push to the platform would pass either are marked, since
 * somebody has to look into them.
 */
export const outcomeOf = (error: unknown): PushOutcome & { readonly ours?: boolean } => {
  const [name, cause] = [nameOf(error), causeOf(error)];
  const told = `${name}: ${cause}`;
  // What a platform would never give out; SNS itself looks at the token when the endpoint is made.
  if (/^InvalidParameter/.test(name) && /Token Reason:/.test(cause)) return { status: 'dead', reason: told };
  if (/^(InvalidParameter|Validation|ParameterValueInvalid)/.test(name)) {
    return { status: 'refused', cause: told };
  }
  const isOurs =
    isNotFound(error) ||
    /^PlatformApplicationDisabled|^AuthorizationError|AccessDenied|^InvalidSecurity|^UnrecognizedClient|^InvalidClientTokenId|^SignatureDoesNotMatch|^ExpiredToken/.test(
      name,
    );
  if (isOurs) return { status: 'refused', cause: told, ours: true };
  const isThrottled = /Throttl|TooManyRequests/.test(name) || statusOf(error) === 429;
  const retryAfterMs = retryAfterOf(error) ?? (isThrottled ? THROTTLED_MS : undefined);
  return { status: 'failed', cause: told, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

const retryAfterOf = (error: unknown): number | undefined => {
  const { $response } = error as { readonly $response?: { readonly headers?: Record<string, string> } };
  const seconds = Number($response?.headers?.['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
};
