import type { ApiGatewayManagementApiClientConfig } from '@aws-sdk/client-apigatewaymanagementapi';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { postDirectly } from './direct-post.ts';
import { keepAliveHandler } from './keep-alive-handler.ts';

/** A call that takes longer than this has failed: API Gateway answers in some ms. */
const TIMEOUT_MS = 3_000;

export interface ManagementClientOptions {
  /** `https://{api}.execute-api.{region}.amazonaws.com/{stage}`, or the custom domain with its mapping. */
  readonly endpoint: string;
  readonly region?: string;
  readonly credentials?: ApiGatewayManagementApiClientConfig['credentials'];
  /** Sockets kept open; the SDK's own default of 50 would queue what is beyond. */
  readonly concurrency: number;
  /** ms since 1970, for signatures; the system's clock without it. */
  readonly now?: () => number;
}

/** The SDK's client for the management API, set up for fan-out: retries are ours, since we have the budget. */
export const createManagementClient = (options: ManagementClientOptions): ApiGatewayManagementApiClient => {
  const { endpoint, region, credentials, concurrency, now = Date.now } = options;
  const client = new ApiGatewayManagementApiClient({
    endpoint,
    region,
    credentials,
    maxAttempts: 1,
    // One chain of middlewares for all calls of a kind.
    cacheMiddleware: true,
    requestHandler: keepAliveHandler({ concurrency, timeoutMs: TIMEOUT_MS }),
  });
  postDirectly(client, now);
  return client;
};
