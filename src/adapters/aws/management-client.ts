import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ApiGatewayManagementApiClientConfig } from '@aws-sdk/client-apigatewaymanagementapi';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A post that takes longer than this has failed: API Gateway answers in some ms. */
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 3_000;

export interface ManagementClientOptions {
  /** `https://{api}.execute-api.{region}.amazonaws.com/{stage}`, or the custom domain with its mapping. */
  readonly endpoint: string;
  readonly region?: string;
  readonly credentials?: ApiGatewayManagementApiClientConfig['credentials'];
  /** Sockets kept open; the SDK's own default of 50 would queue what is beyond. */
  readonly concurrency: number;
}

/** The SDK's client for the management API, set up for fan-out: retries are ours, since we have the budget. */
export const createManagementClient = (options: ManagementClientOptions): ApiGatewayManagementApiClient => {
  const { endpoint, region, credentials, concurrency } = options;
  const agent = { keepAlive: true, maxSockets: concurrency };
  return new ApiGatewayManagementApiClient({
    endpoint,
    region,
    credentials,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true, // by itself, the SDK merely warns
    }),
  });
};
