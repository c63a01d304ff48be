import { createServer } from 'node:http';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { OpenAPIHono } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiGatewayConnectionGateway } from '../../src/adapters/aws/management/api-gateway-connection-gateway.ts';
import { createManagementClient } from '../../src/adapters/aws/management/management-client.ts';
import type { HttpEnv } from '../../src/adapters/http/env.ts';
import { problemHandler } from '../../src/adapters/http/problems.ts';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import { loadAwsConfig } from '../../src/composition/aws-config.ts';
import { clientOptions } from '../../src/composition/modules/aws-client.ts';
import { FanfareError } from '../../src/domain/errors.ts';
import { RecordingLogger, RecordingMetrics } from '../support/fakes.ts';

/** Takes every request, and answers none. */
const silent = createServer(() => undefined);
let endpoint: string;
beforeAll(async () => {
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  silent.closeAllConnections();
  silent.close();
});

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';

describe.concurrent('When a service takes requests and answers none', () => {
  test('a post is reported as failed, with the cause, and holds nothing up for ever', async () => {
    const client = createManagementClient({ endpoint, region, credentials, concurrency: 2 });
    const gateway = new ApiGatewayConnectionGateway({ client, concurrency: 2 });
    const ids = [newConnectionId(), newConnectionId()];
    const failures = await gateway.post(new Uint8Array([1]), ids);
    const failed = (connectionId: string) => ({
      connectionId,
      reason: 'failed',
      cause: expect.stringContaining('TimeoutError'),
    });
    expect(failures).toEqual(expect.arrayContaining(ids.map(failed)));
    client.destroy();
  });

  test("a function's client of AWS gives the call up", async () => {
    const config = loadAwsConfig({ FANFARE_AWS_ENDPOINT: endpoint });
    const client = new DynamoDBClient({ ...clientOptions(config), region, credentials, maxAttempts: 1 });
    const call = client.send(new GetItemCommand({ TableName: 'any', Key: { pk: { S: 'any' } } }));
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
    client.destroy();
  });
});

test('What is not available is answered 503, with when to try again', async () => {
  const app = new OpenAPIHono<HttpEnv>();
  app.onError(problemHandler({ logger: new RecordingLogger(), metrics: new RecordingMetrics() }));
  app.get('/', () => {
    throw new FanfareError('unavailable', 'the table is busy');
  });
  const response = await app.request('/');
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});
