import { serve } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpEnv } from '../../src/adapters/http/env.ts';
import { httpViaFunction, viaFunctions } from '../../src/adapters/local/emulation/function-routes.ts';
import { FunctionTimedOut } from '../../src/adapters/local/emulation/lambda-host.ts';
import { newConnectionId } from '../../src/adapters/local/gateway/connection-ids.ts';
import { ManualClock } from '../../src/adapters/local/manual-clock.ts';
import { RecordingLogger } from '../support/fakes.ts';

const listening = async (invoke: () => Promise<unknown>) => {
  const app = new OpenAPIHono<HttpEnv>();
  const logger = new RecordingLogger();
  httpViaFunction(app, invoke, { clock: new ManualClock(), logger });
  const port = await new Promise<number>(resolve => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, info => resolve(info.port));
    onTestFinished(() => void server.close());
  });
  return { url: `http://127.0.0.1:${port}`, logger };
};

describe('An HTTP function behind the local gateway', () => {
  test.each([
    ['takes too long', new FunctionTimedOut('29 s are over'), 503, 'Service Unavailable'],
    ['fails', new TypeError('boom'), 500, 'Internal Server Error'],
  ])(
    "that %s is answered in API Gateway's words, and the cause is logged",
    async (_what, error, status, message) => {
      const { url, logger } = await listening(() => Promise.reject(error));
      const response = await fetch(url);
      expect([response.status, await response.json()]).toEqual([status, { message }]);
      expect(logger.of('function.failed')).toMatchObject([{ fields: { cause: error.message } }]);
    },
  );

  test('that answers what is no answer has failed', async () => {
    const { url } = await listening(async () => 'hello');
    expect((await fetch(url)).status).toBe(500);
  });
});

describe('Socket functions behind the local gateway', () => {
  test('are told of no connection that none of them let in', async () => {
    const none = () => Promise.reject(new Error('asked'));
    const events = viaFunctions({ connect: none, message: none, disconnect: none }, new ManualClock());
    await expect(events.message(newConnectionId(), 'hi', '$default')).rejects.toThrow('no $connect');
    await expect(events.disconnect(newConnectionId(), 1006)).rejects.toThrow('no $connect');
  });
});
