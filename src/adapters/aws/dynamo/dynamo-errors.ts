import type { AttributeValue, CancellationReason } from '@aws-sdk/client-dynamodb';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { causeOf, FanfareError } from '../../../domain/errors.ts';

/** An item's attributes as plain values. Who reads one knows what it wrote. */
export type Item = Readonly<Record<string, unknown>>;

/** What spoke against one operation. */
export interface Refusal {
  /** Its condition did not hold; otherwise it was refused only because its neighbours were. */
  readonly refused: boolean;
  /** What stood there instead; absent where nothing did. */
  readonly found?: Item | undefined;
}

const THROTTLED: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
]);
const IN_CONFLICT: ReadonlySet<string> = new Set([
  'TransactionConflictException',
  'TransactionConflict',
  'TransactionInProgressException',
]);
const DENIED: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'UnrecognizedClientException',
]);

/** The refusals of a write, in the order of its operations; undefined when something else went wrong. */
export const refusalsOf = (error: unknown): readonly Refusal[] | undefined => {
  if (error instanceof ConditionalCheckFailedException) return [{ refused: true, found: plain(error.Item) }];
  const reasons = reasonsOf(error);
  if (!reasons.some(({ Code }) => Code === CONDITION_FAILED)) return undefined;
  return reasons.map(({ Code, Item }) => ({ refused: Code === CONDITION_FAILED, found: plain(Item) }));
};

/** Whether the very same may go well in a moment: throttled, or in the way of another writer. */
export const isPassing = (error: unknown): boolean =>
  codesOf(error).some(code => THROTTLED.has(code) || IN_CONFLICT.has(code));

/**
 * The one place where DynamoDB's errors become ours: `unavailable` for what passes, `internal` for what somebody has
 * to mend: a missing table or permission, or a request that DynamoDB does not understand.
 */
export const translateDynamoError = (error: unknown, table: string): FanfareError => {
  if (error instanceof FanfareError) return error;
  const ours = (code: 'internal' | 'unavailable', message: string): FanfareError =>
    new FanfareError(code, `${message}: ${codesOf(error).join(', ')}: ${causeOf(error)}`, { cause: error });
  const name = nameOf(error);
  if (name === 'ResourceNotFoundException') return ours('internal', `there is no table ${table} in DynamoDB`);
  if (DENIED.has(name)) return ours('internal', `the table ${table} may not be used`);
  if (isPassing(error)) return ours('unavailable', `the table ${table} is too busy`);
  if (isClientFault(error)) return ours('internal', `the table ${table} refuses what it was asked`);
  return ours('unavailable', `the table ${table} cannot be reached`);
};

const CONDITION_FAILED = 'ConditionalCheckFailed';

/** 4xx. Without any status there was no answer at all, or it failed on DynamoDB's side. */
const isClientFault = (error: unknown): boolean => {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
};

/** What DynamoDB calls the fault: the error's own name, or those of a cancelled transaction's operations. */
const codesOf = (error: unknown): readonly string[] => {
  const codes = new Set(reasonsOf(error).map(({ Code }) => Code ?? 'None'));
  codes.delete('None');
  return codes.size > 0 ? [...codes] : [nameOf(error)];
};

const reasonsOf = (error: unknown): readonly CancellationReason[] =>
  error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** The document client leaves the items inside errors as they came. */
const plain = (item: Record<string, AttributeValue> | undefined): Item | undefined =>
  item === undefined ? undefined : unmarshall(item);
