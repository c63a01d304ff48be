import * as z from 'zod';
import type { Clock } from '../../../ports/clock.ts';
import type { HttpApp } from '../../http/app.ts';
import type { GatewayEvents } from '../gateway/gateway-events.ts';
import { connectEventOf, disconnectEventOf, httpEventOf, messageEventOf } from './api-gateway-events.ts';

type Invoke = (event: unknown) => Promise<unknown>;

export interface SocketFunctions {
  readonly connect: Invoke;
  readonly message: Invoke;
  readonly disconnect: Invoke;
}

const integrationAnswer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
});

/** The gateway's routes, integrated with functions as API Gateway integrates them. */
export const viaFunctions = (functions: SocketFunctions, clock: Clock): GatewayEvents => {
  const connectedAt = new Map<string, number>();
  const partsOf = (connectionId: string) => {
    const now = clock.now();
    return { connectionId, connectedAt: connectedAt.get(connectionId) ?? now, now };
  };
  return {
    connect: async event => {
      const { statusCode, headers, body } = integrationAnswer.parse(
        await functions.connect(connectEventOf(event, clock.now())),
      );
      if (statusCode !== 200) return { statusCode, message: body };
      connectedAt.set(event.connectionId, event.connectedAt);
      const chosen = Object.entries(headers).find(
        ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
      );
      return { statusCode, subprotocol: chosen?.[1] };
    },
    message: async (id, text, routeKey) => {
      const event = messageEventOf(partsOf(id), routeKey, text);
      return integrationAnswer.parse(await functions.message(event)).body;
    },
    disconnect: async id => {
      await functions.disconnect(disconnectEventOf(partsOf(id)));
      connectedAt.delete(id);
    },
  };
};

/** Whatever no route before took, integrated with the HTTP function. */
export const httpViaFunction = (app: HttpApp, invoke: Invoke, clock: Clock): void => {
  app.all('*', async c => {
    const answer = httpAnswer.parse(await invoke(await httpEventOf(c.req.raw, clock.now())));
    const body = answer.isBase64Encoded ? Buffer.from(answer.body, 'base64') : answer.body;
    return new Response(body, { status: answer.statusCode, headers: answer.headers });
  });
};

const httpAnswer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
