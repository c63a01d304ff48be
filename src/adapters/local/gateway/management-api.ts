import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RateLimiter } from '../../../ports/rate-limiter.ts';
import { isConnectionId } from './connection-ids.ts';
import type { LocalGateway } from './local-gateway.ts';
import type { GatewayQuotas } from './quotas.ts';
import type { SignatureCheck } from './signature.ts';

/**
 * API Gateway's `@connections` API, for `@aws-sdk/client-apigatewaymanagementapi` as it is: POST sends, GET describes,
 * DELETE closes. Errors carry their type in `x-amzn-errortype`, as the SDK expects.
 */
export class ManagementApi {
  readonly #parts: ManagementApiParts;

  constructor(parts: ManagementApiParts) {
    this.#parts = parts;
  }

  static handles(url: string | undefined): boolean {
    return url?.startsWith(PREFIX) === true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-amzn-requestid', crypto.randomUUID());
    try {
      const { gateway, limiter, quotas, signature } = this.#parts;
      const body = await readBody(request, quotas.messageBytes);
      if (!(await signature.holds(request, body))) {
        throw new ApiError(403, 'ForbiddenException', 'The request signature we calculated does not match');
      }
      const { managementCalls } = quotas;
      if (managementCalls.perSecond !== Number.POSITIVE_INFINITY) {
        const decision = await limiter.take('gateway/management', managementCalls);
        if (!decision.allowed) throw new ApiError(429, 'LimitExceededException', 'Too Many Requests');
      }
      await answer(gateway, request, response, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      response.setHeader('x-amzn-errortype', error.type);
      send(response, error.status, { message: error.message });
    }
  }
}

export interface ManagementApiParts {
  readonly gateway: LocalGateway;
  readonly limiter: RateLimiter;
  readonly quotas: GatewayQuotas;
  readonly signature: SignatureCheck;
}

const PREFIX = '/@connections/';

class ApiError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

const gone = (): ApiError => new ApiError(410, 'GoneException', 'Gone');

const answer = async (
  gateway: LocalGateway,
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array | undefined,
): Promise<void> => {
  const id = connectionIdOf(request.url ?? '');
  switch (request.method) {
    case 'POST': {
      if (body === undefined) throw new ApiError(413, 'PayloadTooLargeException', 'Message too long');
      // API Gateway does not tell a connection that is still opening from one that is gone.
      if ((await gateway.find(id)) === undefined) throw gone();
      const [failure] = await gateway.post(body, [id]);
      if (failure !== undefined)
        throw new ApiError(429, 'LimitExceededException', 'Client side buffer is full');
      return send(response, 200);
    }
    case 'GET': {
      const state = await gateway.find(id);
      if (state === undefined) throw gone();
      const { connectedAt, lastActiveAt, sourceIp, userAgent } = state;
      return send(response, 200, {
        connectedAt: new Date(connectedAt).toISOString(),
        identity: { sourceIp, userAgent },
        lastActiveAt: new Date(lastActiveAt).toISOString(),
      });
    }
    case 'DELETE':
      if (!(await gateway.close(id))) throw gone();
      return send(response, 204);
    default:
      throw new ApiError(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
};

/** The id's `=` may come as it is or as `%3D`. */
const connectionIdOf = (url: string) => {
  const raw = url.slice(PREFIX.length).split('?', 1)[0] ?? '';
  const id = raw.replaceAll(/%3d/gi, '=');
  if (isConnectionId(id)) return id;
  throw new ApiError(400, 'BadRequestException', `Invalid connectionId: ${id.slice(0, 64)}`);
};

/** @returns `undefined` when the body is over the limit; the rest of it is read and dropped */
const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Uint8Array | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
  }
  return bytes > limitBytes ? undefined : Buffer.concat(chunks);
};

const send = (response: ServerResponse, status: number, body?: object): void => {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
};
