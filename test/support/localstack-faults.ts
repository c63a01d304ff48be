import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** A call that a client makes, before the SDK's own retries. */
export interface Call {
  /** As DynamoDB calls it, such as `TransactWriteItems`. */
  readonly operation: string;
  readonly input: object;
  /** Makes it, as often as it is asked to. */
  send(): Promise<object>;
}

/** What a network or a service may do to a call: answer otherwise, throw, or make it twice. */
export type Fault = (call: Call) => Promise<object>;

/** Puts a fault between a client and the service. */
export const withFault = (client: DynamoDBDocumentClient, fault: Fault): DynamoDBDocumentClient => {
  client.middlewareStack.add(
    (next, context) => async args => {
      let response: unknown;
      const send = async (): Promise<object> => {
        const result = await next(args);
        response = result.response;
        return result.output;
      };
      const operation = String(context.commandName).replace(/Command$/, '');
      const output = await fault({ operation, input: args.input, send });
      return { response, output: output as never };
    },
    { step: 'initialize', priority: 'low', name: 'fault' },
  );
  return client;
};

/** A fault that lets everything pass, and counts it by operation; what fails also as `… refused`. */
export const counting =
  (counts: Map<string, number>): Fault =>
  async ({ operation, send }) => {
    const count = (what: string): Map<string, number> => counts.set(what, (counts.get(what) ?? 0) + 1);
    count(operation);
    try {
      return await send();
    } catch (error) {
      count(`${operation} refused`);
      throw error;
    }
  };

/** A fault of the first calls of one operation. */
export const firstCalls = (operation: string, times: number, fault: Fault): Fault => {
  let left = times;
  return call => (call.operation === operation && left-- > 0 ? fault(call) : call.send());
};
