import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ApiGatewayManagementApiClientConfig } from '@aws-sdk/client-apigatewaymanagementapi';

/** What the SDK's clients take as a request handler of one's own. */
type HttpHandler = Extract<
  NonNullable<ApiGatewayManagementApiClientConfig['requestHandler']>,
  { handle: unknown }
>;

/** What we use of the SDK's `HttpRequest`. */
interface OutgoingRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** And of its `HttpResponse`. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

export interface KeepAliveHandlerOptions {
  /** Sockets kept open. */
  readonly concurrency: number;
  /** A request that hears nothing for so long, connecting included, has failed. */
  readonly timeoutMs: number;
}

/**
 * The SDK's own handler sets up to five timers for a request and hands the body over as a stream, a quarter of what a
 * post then costs. This one leaves time-outs to the sockets. Bodies are bytes, in both directions, and small.
 */
export const keepAliveHandler = ({ concurrency, timeoutMs }: KeepAliveHandlerOptions) => {
  const options = { keepAlive: true, maxSockets: concurrency, timeout: timeoutMs };
  const plain = { agent: new HttpAgent(options), send: httpRequest };
  const secure = { agent: new HttpsAgent(options), send: httpsRequest };

  const handle = (outgoing: OutgoingRequest): Promise<{ response: Answer }> =>
    new Promise((resolve, reject) => {
      const { protocol, hostname, port, method, path, headers, body } = outgoing;
      const { agent, send } = protocol === 'https:' ? secure : plain;
      const request = send({ agent, host: hostname, port, method, path, headers, timeout: timeoutMs });
      request.on('response', response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = -1, headers: received } = response;
          resolve({ response: { statusCode, headers: flat(received), body: Buffer.concat(chunks) } });
        });
      });
      request.on('timeout', () => {
        request.destroy(
          Object.assign(new Error(`no answer within ${timeoutMs} ms`), { name: 'TimeoutError' }),
        );
      });
      request.on('error', reject);
      request.end(body);
    });

  return {
    handle,
    destroy: () => {
      plain.agent.destroy();
      secure.agent.destroy();
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  } satisfies HttpHandler;
};

const flat = (headers: NodeJS.Dict<string | string[]>): Record<string, string> => {
  const result: Record<string, string> = {};
  for (const name in headers) result[name] = String(headers[name]);
  return result;
};
