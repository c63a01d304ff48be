// The inside of a LambdaHost: one function's bundle in a thread of its own, with an environment of its own.
import { parentPort, workerData } from 'node:worker_threads';
import type { Invocation, InvocationEnd } from './lambda-host.ts';

const { handler } = (await import(String(workerData))) as {
  readonly handler: (event: unknown, context: object) => Promise<unknown>;
};

parentPort?.on('message', async ({ id, event, timeoutMs }: Invocation) => {
  const deadline = performance.now() + timeoutMs;
  const context = {
    awsRequestId: crypto.randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
  const end: InvocationEnd = await handler(event, context).then(
    answer => ({ id, answer }),
    error => ({ id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
  );
  parentPort?.postMessage(end);
});

parentPort?.postMessage('ready');
