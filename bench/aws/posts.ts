import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { ApiGatewayConnectionGateway } from '../../src/adapters/aws/management/api-gateway-connection-gateway.ts';
import { createManagementClient } from '../../src/adapters/aws/management/management-client.ts';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import type { ConnectionGateway } from '../../src/ports/connection-gateway.ts';
import type { ServerProcess, Startable } from '../server-process.ts';

/** A function's credentials are a role's, with a session token of about this length, which each post carries. */
const TOKEN_CHARACTERS = 900;
const REGION = 'us-east-1';

/** As long as the frame of a notification with a title and 200 bytes of data. */
const PAYLOAD = Buffer.from(`{"type":"message",${'"x":1,'.repeat(70)}"data":{}}`);

export const managementApi = (delayMs: number): Startable => ({
  name: `management-api-${delayMs}ms`,
  command: port => [
    new URL('../peers/management-api.ts', import.meta.url).pathname,
    String(port),
    String(delayMs),
  ],
  env: process.env,
});

/** Our adapter, on the client that we make, or on the SDK's as it comes. */
export const aGateway = (
  whose: 'fanfare' | 'sdk',
  { port }: ServerProcess<Startable>,
  concurrency: number,
) => {
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = {
    accessKeyId: 'AKIABENCH',
    secretAccessKey: 'not-a-real-secret',
    sessionToken: randomBytes(TOKEN_CHARACTERS).toString('base64').slice(0, TOKEN_CHARACTERS),
  };
  const client =
    whose === 'fanfare'
      ? createManagementClient({ endpoint, region: REGION, credentials, concurrency })
      : new ApiGatewayManagementApiClient({ endpoint, region: REGION, credentials });
  const gateway = new ApiGatewayConnectionGateway({ client, concurrency });
  return { gateway, close: () => client.destroy() };
};

type Poster = Pick<ConnectionGateway, 'post'>;

/** The floor: no signature and no SDK, the same bytes from Node's own HTTP client, as many under way. */
export const aBareLoop = ({ port }: ServerProcess<Startable>, concurrency: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const postOne = (path: string, body: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-length': body.length };
      const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', path, headers }, response => {
        response.resume().on('end', resolve);
      });
      sent.on('error', reject).end(body);
    });
  const gateway: Poster = {
    post: async (payload, connectionIds) => {
      const ids = connectionIds.values();
      const work = async (): Promise<void> => {
        for (const id of ids) await postOne(`/@connections/${id}`, payload);
      };
      await Promise.all(Array.from({ length: concurrency }, work));
      return [];
    },
  };
  return { gateway, close: () => agent.destroy() };
};

export interface PostsMeasured {
  readonly seconds: number;
  /** µs of this process, of all its threads. */
  readonly cpuPerPost: number;
}

/** One payload to so many connections. @throws Error when one did not get it */
export const measurePosts = async (gateway: Poster, count: number): Promise<PostsMeasured> => {
  const ids = Array.from({ length: count }, newConnectionId);
  // A copy, since what was posted once has its hash remembered.
  const payload = Uint8Array.from(PAYLOAD);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const failures = await gateway.post(payload, ids);
  const seconds = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(cpu);
  if (failures.length > 0) {
    throw new Error(`${failures.length} posts failed, the first: ${JSON.stringify(failures[0])}`);
  }
  return { seconds, cpuPerPost: (user + system) / count };
};
