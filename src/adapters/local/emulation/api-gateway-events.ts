import type { ConnectEvent } from '../gateway/gateway-events.ts';

/**
 * API Gateway's events, as its documentation shows them: "WebSocket API integration requests" and "AWS Lambda proxy
 * integrations for HTTP APIs", payload format 2.0.
 */

const STAGE = 'local';
const API_ID = 'fanfare';

interface RequestContextParts {
  readonly connectionId: string;
  readonly connectedAt: number;
  readonly now: number;
}

const webSocketContext = (
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
  routeKey: string,
  { connectionId, connectedAt, now }: RequestContextParts,
) => {
  const requestId = crypto.randomUUID();
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: new Date(now).toUTCString(),
    messageDirection: 'IN',
    stage: STAGE,
    connectedAt,
    requestTimeEpoch: now,
    requestId,
    domainName: 'localhost',
    connectionId,
    apiId: API_ID,
  };
};

export const connectEventOf = (event: ConnectEvent, now: number) => {
  const { headers, query, sourceIp } = event;
  const present = Object.entries(headers).filter(([, value]) => value !== undefined);
  return {
    headers: Object.fromEntries(present),
    multiValueHeaders: Object.fromEntries(present.map(([name, value]) => [name, [value]])),
    // AWS leaves the member out where there is no query.
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      ...webSocketContext('CONNECT', '$connect', { ...event, now }),
      identity: { sourceIp, userAgent: headers['user-agent'] },
    },
    isBase64Encoded: false,
  };
};

export const messageEventOf = (parts: RequestContextParts, routeKey: string, body: string) => ({
  requestContext: { ...webSocketContext('MESSAGE', routeKey, parts), messageId: crypto.randomUUID() },
  body,
  isBase64Encoded: false,
});

export const disconnectEventOf = (parts: RequestContextParts) => ({
  headers: {},
  multiValueHeaders: {},
  requestContext: {
    ...webSocketContext('DISCONNECT', '$disconnect', parts),
    disconnectStatusCode: -1,
    disconnectReason: '',
  },
  isBase64Encoded: false,
});

export const httpEventOf = async (request: Request, now: number) => {
  const { pathname, search, searchParams } = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const body = new Uint8Array(await request.arrayBuffer());
  const query = [...searchParams.keys()].map(name => [name, searchParams.getAll(name).join(',')]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodeURI(pathname),
    rawQueryString: search.slice(1),
    headers,
    ...(query.length === 0 ? {} : { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: '000000000000',
      apiId: API_ID,
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: request.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: crypto.randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body.length === 0 ? {} : { body: Buffer.from(body).toString('base64') }),
    isBase64Encoded: body.length > 0,
  };
};
