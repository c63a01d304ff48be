import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** A call of a client as the SDK is about to make it: before its own retries, and after them. */
export interface Call {
  /** As DynamoDB calls it, such as `TransactWriteItems`. */
  readonly operation: string;
  readonly input: object;
  /** Makes the call, as often as it is asked to. */
  send(): Promise<object>;
}

/** What a network or a service may do to a call: answer otherwise, throw, or make it twice. */
export type Fault = (call: Call) => Promise<object>;

/** Puts a fault between a client and the service. */
export const withFault = (client: DynamoDBDocumentClient, fault: Fault): DynamoDBDocumentClient => {
  client.middlewareStack.add(
    (next, context) => async args => {
      const outcome: { last?: Awaited<ReturnType<typeof next>> } = {};
      const output = await fault({
        operation: String(context.commandName).replace(/Command$/, ''),
        input: args.input,
        send: async () => {
          outcome.last = await next(args);
          return outcome.last.output;
        },
      });
      return { response: outcome.last?.response, output: output as never };
    },
    { step: 'initialize', priority: 'low', name: 'fault' },
  );
  return client;
};

/** Counts calls by operation. */
export const counting = (counts: Map<string, number>): Fault => {
  return ({ operation, send }) => {
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    return send();
  };
};
