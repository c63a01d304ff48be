import type {
  BatchWriteCommandInput,
  DeleteCommandInput,
  DynamoDBDocumentClient,
  PutCommandInput,
  QueryCommandInput,
  TransactWriteCommandInput,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { RetryPolicy } from '../../../domain/retry.ts';
import { fullJitterMs } from '../../../domain/retry.ts';
import type { Clock } from '../../../ports/clock.ts';
import { sleep } from '../../../ports/clock.ts';
import type { IdGenerator } from '../../../ports/id-generator.ts';
import type { Item, Refusal } from './dynamo-errors.ts';
import { isPassing, refusalsOf, translateDynamoError } from './dynamo-errors.ts';

/** What every store on DynamoDB is made of. */
export interface DynamoTableOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** A prefix of every partition key, so that several deployments, or tests, can share one table. */
  readonly namespace?: string;
  /** Beyond what the SDK tries again itself. */
  readonly retry?: RetryPolicy & { readonly attempts: number };
}

/** Waits of 3 s on average in all, 6 s at the most: well within API Gateway's 29 s for an integration. */
export const DEFAULT_RETRY = { baseDelayMs: 10, maxDelayMs: 200, attempts: 30 } as const;

/** DynamoDB's limit of operations in one transaction. */
export const TRANSACTION_OPERATIONS = 100;
/** DynamoDB's limit of writes in one batch. */
const BATCH_WRITES = 25;
/** DynamoDB's limit of characters in the token by which it knows a transaction again. */
const TOKEN_CHARACTERS = 36;

type Named<Input> = Omit<Input, 'TableName'>;
type WriteRequests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];
type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A transaction's write, on the table. */
export type Operation = {
  readonly [Kind in 'Put' | 'Update' | 'Delete']: {
    readonly [_ in Kind]: Named<NonNullable<TransactItem[Kind]>>;
  };
}['Put' | 'Update' | 'Delete'];

export type Written =
  | { readonly done: true; readonly before?: Item | undefined }
  /** Conditions that did not hold, by operation. Nothing was written. */
  | { readonly done: false; readonly refusals: readonly Refusal[] };

/**
 * One table, and what every call to it has in common: reads are consistent, a condition that does not hold is an
 * answer, what is throttled or in conflict is tried again for a while, and all other errors are ours.
 */
export class DynamoTable {
  readonly #parts: DynamoTableOptions;
  readonly #retry: RetryPolicy & { readonly attempts: number };

  constructor(options: DynamoTableOptions) {
    this.#parts = options;
    this.#retry = options.retry ?? DEFAULT_RETRY;
  }

  /** A partition key within the namespace. */
  pk(text: string): string {
    return `${this.#parts.namespace ?? ''}${text}`;
  }

  async get(Key: Item): Promise<Item | undefined> {
    const { client, table: TableName } = this.#parts;
    const get = new GetCommand({ TableName, Key, ConsistentRead: true });
    return (await this.#persist(() => client.send(get))).Item;
  }

  /** A page of at the most 1 MB. `more` tells the key to go on after; `count` is told with `Select: 'COUNT'` as well. */
  async query(
    input: Named<QueryCommandInput>,
  ): Promise<{ items: readonly Item[]; count: number; more: Item | undefined }> {
    const { client, table: TableName } = this.#parts;
    const query = new QueryCommand({ TableName, ConsistentRead: true, ...input });
    const { Items = [], Count = 0, LastEvaluatedKey } = await this.#persist(() => client.send(query));
    return { items: Items, count: Count, more: LastEvaluatedKey };
  }

  put(input: Named<PutCommandInput>): Promise<Written> {
    const { client, table: TableName } = this.#parts;
    const put = new PutCommand({ TableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ...input });
    return this.#persist(() => written(client.send(put)));
  }

  update(input: Named<UpdateCommandInput>): Promise<Written> {
    const { client, table: TableName } = this.#parts;
    const update = new UpdateCommand({
      TableName,
      ReturnValues: 'ALL_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...input,
    });
    return this.#persist(() => written(client.send(update)));
  }

  delete(input: Named<DeleteCommandInput>): Promise<Written> {
    const { client, table: TableName } = this.#parts;
    const command = new DeleteCommand({
      TableName,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...input,
    });
    return this.#persist(() => written(client.send(command)));
  }

  /** All or nothing, once, however often it has to be sent. */
  transact(operations: readonly Operation[]): Promise<Written> {
    const transaction = this.#transaction(operations);
    return this.#persist(() => written(this.#parts.client.send(transaction)));
  }

  /** As `transact`, for a caller that would not send the same again. @returns `busy` when it may go well in a moment */
  async tryTransact(operations: readonly Operation[]): Promise<Written | 'busy'> {
    try {
      return await written(this.#parts.client.send(this.#transaction(operations)));
    } catch (error) {
      if (isPassing(error)) return 'busy';
      throw translateDynamoError(error, this.#parts.table);
    }
  }

  /** What is there no longer is left alone. Dying half-way leaves some; doing it again finishes. */
  async deleteAll(keys: readonly Item[]): Promise<void> {
    for (let start = 0; start < keys.length; start += BATCH_WRITES) {
      await this.#deleteBatch(keys.slice(start, start + BATCH_WRITES));
    }
  }

  /**
   * Waits before another attempt.
   *
   * @param attempt 0 for the first retry
   * @throws FanfareError `unavailable` when there have been enough
   */
  async pause(attempt: number, cause?: unknown): Promise<void> {
    const { clock, ids, table } = this.#parts;
    if (attempt >= this.#retry.attempts) throw translateDynamoError(cause ?? new Contention(), table);
    await sleep(clock, fullJitterMs(this.#retry, attempt, ids.random()));
  }

  async #deleteBatch(keys: readonly Item[]): Promise<void> {
    const { client, table } = this.#parts;
    let left: WriteRequests = keys.map(Key => ({ DeleteRequest: { Key } }));
    for (let attempt = 0; ; attempt++) {
      const batch = new BatchWriteCommand({ RequestItems: { [table]: left } });
      const { UnprocessedItems } = await this.#persist(() => client.send(batch));
      const unprocessed = UnprocessedItems?.[table] ?? [];
      if (unprocessed.length === 0) return;
      // Only a standstill counts as a failed attempt.
      if (unprocessed.length < left.length) attempt = 0;
      left = unprocessed;
      await this.pause(attempt);
    }
  }

  #transaction(operations: readonly Operation[]): TransactWriteCommand {
    const { ids, table } = this.#parts;
    return new TransactWriteCommand({
      ClientRequestToken: ids.next().slice(-TOKEN_CHARACTERS),
      TransactItems: operations.map(operation => onTable(operation, table)),
    });
  }

  async #persist<Result>(call: () => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        if (!isPassing(error)) throw translateDynamoError(error, this.#parts.table);
        await this.pause(attempt, error);
      }
    }
  }
}

/** Seconds since 1970, as DynamoDB's TTL wants them; never too early. */
export const ttlOf = (ms: number): number => Math.ceil(ms / 1_000);

/** Others were faster, every time. */
class Contention extends Error {
  override readonly name = 'TransactionConflict';
  override readonly message = 'gave up after too many attempts';
}

const written = async (sending: Promise<object>): Promise<Written> => {
  try {
    const { Attributes } = (await sending) as { readonly Attributes?: Item };
    return { done: true, before: Attributes };
  } catch (error) {
    const refusals = refusalsOf(error);
    if (refusals === undefined) throw error;
    return { done: false, refusals };
  }
};

const onTable = (operation: Operation, TableName: string): TransactItem => {
  const common = { TableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  if ('Put' in operation) return { Put: { ...common, ...operation.Put } };
  if ('Update' in operation) return { Update: { ...common, ...operation.Update } };
  return { Delete: { ...common, ...operation.Delete } };
};
