import { BroadcastChannel } from 'node:worker_threads';
import { SQSClient } from '@aws-sdk/client-sqs';

/** What one function did: a call of AWS, or an invocation as a whole. Times are ms since 1970, with their fractions. */
export interface Watched {
  readonly kind: 'call' | 'invocation';
  /** The function's name, such as `fan-out`. */
  readonly by: string;
  /** Such as `DynamoDB.Query`; for an invocation, the function's name. */
  readonly what: string;
  readonly from: number;
  readonly to: number;
  /** Capacity units, where DynamoDB says them. */
  readonly units: { readonly read: number; readonly write: number };
  /** Messages of a batch, records of a queue's invocation; otherwise 1. */
  readonly entries: number;
}

export interface WatchOptions {
  readonly name: string;
  /** The `BroadcastChannel` that tells it to the thread that watches. */
  readonly channel: string;
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * Tells of every call that a function makes through AWS's SDK, by a middleware that each client of this thread gets
 * before its first call, and of every invocation. To be called before the function is loaded.
 */
export const watchCalls = ({ name, channel }: WatchOptions): ((handler: Handler) => Handler) => {
  const port = new BroadcastChannel(channel);
  port.unref();
  const tell = (watched: Omit<Watched, 'by'>): void => port.postMessage({ by: name, ...watched });
  everyClient(client =>
    client.middlewareStack.add(telling(tell), { step: 'initialize', name: 'watchCalls' }),
  );
  return handler => async (event, context) => {
    const from = now();
    try {
      return await handler(event, context);
    } finally {
      const entries = (event as { Records?: unknown[] }).Records?.length ?? 1;
      tell({ kind: 'invocation', what: name, from, to: now(), units: NONE, entries });
    }
  };
};

const NONE = { read: 0, write: 0 };

const now = (): number => performance.timeOrigin + performance.now();

type Next = (args: { input: object }) => Promise<{ output: object }>;

const telling =
  (tell: (watched: Omit<Watched, 'by'>) => void) =>
  (next: Next, context: { readonly clientName?: string; readonly commandName?: string }) =>
  async ({ input, ...args }: { input: object }) => {
    const service = String(context.clientName).replace(/Client$/, '');
    const operation = String(context.commandName).replace(/Command$/, '');
    const asked = service === 'DynamoDB' ? { ...input, ReturnConsumedCapacity: 'TOTAL' } : input;
    const from = now();
    let output: object = {};
    try {
      const result = await next({ ...args, input: asked });
      output = result.output;
      return result;
    } finally {
      const units = unitsOf(operation, input, output);
      tell({
        kind: 'call',
        what: `${service}.${operation}`,
        from,
        to: now(),
        units,
        entries: entriesOf(input),
      });
    }
  };

interface Capacity {
  readonly CapacityUnits?: number;
}

/** As DynamoDB says; but for a transaction, for which DynamoDB Local forgets to count every item twice. */
const unitsOf = (operation: string, input: object, output: object): Watched['units'] => {
  if (/^Transact/.test(operation)) return { read: 0, write: transactionUnits(input) };
  const { ConsumedCapacity = [] } = output as { ConsumedCapacity?: Capacity | Capacity[] };
  const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  return /Get|Query|Scan/.test(operation) ? { read: units, write: 0 } : { read: 0, write: units };
};

/** 2 for each KB of each item, done or refused; an update's item is taken to be within one, as ours are. */
const transactionUnits = (input: object): number => {
  const { TransactItems = [] } = input as { TransactItems?: { Put?: { Item?: object } }[] };
  const kilobytes = TransactItems.map(({ Put }) => Math.ceil(JSON.stringify(Put?.Item ?? '').length / 1_024));
  return kilobytes.reduce((sum, size) => sum + 2 * size, 0);
};

const entriesOf = (input: object): number => {
  const { Entries, PublishBatchRequestEntries } = input as Record<string, unknown[] | undefined>;
  return (Entries ?? PublishBatchRequestEntries)?.length ?? 1;
};

interface Client {
  readonly middlewareStack: { add(middleware: unknown, options: object): void };
  send(...args: unknown[]): unknown;
}

/** All of the SDK's clients have one base, whose `send` is where each first comes by. */
const everyClient = (see: (client: Client) => void): void => {
  const base = Object.getPrototypeOf(SQSClient.prototype) as Client;
  const seen = new WeakSet<object>();
  const send = base.send;
  base.send = function (this: Client, ...args: unknown[]): unknown {
    if (!seen.has(this.middlewareStack)) {
      seen.add(this.middlewareStack);
      see(this);
    }
    return send.apply(this, args);
  };
};
