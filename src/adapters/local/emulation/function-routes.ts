import { getConnInfo } from '@hono/node-server/conninfo';
import * as z from 'zod';
import { causeOf } from '../../../domain/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { HttpApp } from '../../http/app.ts';
import type { GatewayEvents } from '../gateway/gateway-events.ts';
import type { Session } from './api-gateway-events.ts';
import {
  connectEventOf,
  disconnectEventOf,
  httpEventOf,
  messageEventOf,
  sessionOf,
} from './api-gateway-events.ts';
import { FunctionTimedOut } from './lambda-host.ts';

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
  const sessions = new Map<string, Session>();
  const known = (connectionId: string): Session => {
    const session = sessions.get(connectionId);
    if (session === undefined) throw new Error(`no $connect of ${connectionId} was answered 200`);
    return session;
  };
  return {
    connect: async event => {
      const { statusCode, headers, body } = integrationAnswer.parse(
        await functions.connect(connectEventOf(event, clock.now())),
      );
      if (statusCode !== 200) return { statusCode, message: body };
      sessions.set(event.connectionId, sessionOf(event));
      const chosen = Object.entries(headers).find(
        ([name]) => name.toLowerCase() === 'sec-websocket-protocol',
      );
      return { statusCode, subprotocol: chosen?.[1] };
    },
    message: async (id, text, routeKey) => {
      const event = messageEventOf(known(id), clock.now(), routeKey, text);
      return integrationAnswer.parse(await functions.message(event)).body;
    },
    disconnect: async (id, closeCode) => {
      const event = disconnectEventOf(known(id), clock.now(), closeCode);
      sessions.delete(id);
      await functions.disconnect(event);
    },
  };
};

/** Whatever no route before took, integrated with the HTTP function. */
export const httpViaFunction = (
  app: HttpApp,
  invoke: Invoke,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): void => {
  app.all('*', async c => {
    const event = await httpEventOf(c.req.raw, getConnInfo(c).remote.address ?? '', clock.now());
    try {
      const answer = httpAnswer.parse(await invoke(event));
      const body = answer.isBase64Encoded ? Buffer.from(answer.body, 'base64') : answer.body;
      return new Response(body, { status: answer.statusCode, headers: answer.headers });
    } catch (error) {
      logger.error('function.failed', { cause: causeOf(error) });
      return error instanceof FunctionTimedOut
        ? c.json({ message: 'Service Unavailable' }, 503)
        : c.json({ message: 'Internal Server Error' }, 500);
    }
  });
};

const httpAnswer = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});
