import { newConnectionId } from '../gateway/connection-ids.ts';
import type { ConnectEvent } from '../gateway/gateway-events.ts';

/**
 * API Gateway's events, as its documentation shows them: "WebSocket API integration requests" and "AWS Lambda proxy
 * integrations for HTTP APIs", payload format 2.0. `test/support/aws-events/` holds the documented shapes, and a test
 * compares.
 */

const STAGE = 'local';
const API_ID = 'fanfare';
const ACCOUNT_ID = '000000000000';

/** What every event of a connection repeats. */
export interface Session {
  readonly connectionId: string;
  /** ms since 1970 */
  readonly connectedAt: number;
  readonly host: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

export const sessionOf = ({ connectionId, connectedAt, headers, sourceIp }: ConnectEvent): Session => ({
  connectionId,
  connectedAt,
  host: headers.host ?? '',
  sourceIp,
  userAgent: headers['user-agent'],
});

export const connectEventOf = (event: ConnectEvent, now: number) => {
  const { headers, query } = event;
  const session = sessionOf(event);
  const named = handedOn(Object.entries(headers)).map(([name, value = '']) => [capitalised(name), value]);
  return {
    ...bothWays({ ...Object.fromEntries(named), ...forwarded(session) }),
    ...queryOf(query),
    requestContext: webSocketContext('CONNECT', '$connect', session, now),
    isBase64Encoded: false,
  };
};

export const messageEventOf = (session: Session, now: number, routeKey: string, body: string) => ({
  requestContext: {
    ...webSocketContext('MESSAGE', routeKey, session, now),
    messageId: newConnectionId(),
  },
  body,
  isBase64Encoded: false,
});

export const disconnectEventOf = (session: Session, now: number, closeCode: number) => ({
  ...bothWays({ Host: session.host, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' }),
  requestContext: {
    ...webSocketContext('DISCONNECT', '$disconnect', session, now),
    disconnectStatusCode: closeCode,
    disconnectReason: closeCode === NO_STATUS ? 'Client-side close frame status not set' : '',
  },
  isBase64Encoded: false,
});

export const httpEventOf = async (request: Request, sourceIp: string, now: number) => {
  const { pathname, search, searchParams, hostname } = new URL(request.url);
  const headers = Object.fromEntries(handedOn([...request.headers])) as Partial<Values>;
  const body = Buffer.from(await request.arrayBuffer());
  const asText = TEXT.test(headers['content-type'] ?? '');
  const query = [...searchParams.keys()].map(name => [name, searchParams.getAll(name).join(',')]);
  const session = { host: headers.host ?? hostname, sourceIp };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: decodeURI(pathname),
    rawQueryString: search.slice(1),
    ...(headers.cookie === undefined ? {} : { cookies: headers.cookie.split('; ') }),
    headers: { ...headers, ...inLowerCase(forwarded(session)) },
    ...(query.length === 0 ? {} : { queryStringParameters: Object.fromEntries(query) }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: API_ID,
      domainName: hostname,
      domainPrefix: hostname.split('.', 1)[0],
      http: {
        method: request.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: newConnectionId(),
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(body.length === 0 ? {} : { body: body.toString(asText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !asText,
  };
};

/** RFC 6455 section 7.4.1: the client's close frame names no status. */
const NO_STATUS = 1005;

/** About the client's own hop to the gateway, which ends there. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'upgrade']);

const handedOn = <Value>(headers: readonly (readonly [string, Value])[]) =>
  headers.filter(([name]) => !HOP_BY_HOP.has(name));

/** Bodies that an HTTP API hands over as they are; all others in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b)/i;

const webSocketContext = (
  eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT',
  routeKey: string,
  { connectionId, connectedAt, host, sourceIp, userAgent }: Session,
  now: number,
) => {
  const requestId = newConnectionId(); // of the same shape
  return {
    routeKey,
    eventType,
    extendedRequestId: requestId,
    requestTime: commonLogTime(now),
    messageDirection: 'IN',
    stage: STAGE,
    connectedAt,
    requestTimeEpoch: now,
    identity: { ...(userAgent === undefined ? {} : { userAgent }), sourceIp },
    requestId,
    domainName: host.replace(/:\d+$/, ''),
    connectionId,
    apiId: API_ID,
  };
};

type Values = Readonly<Record<string, string>>;

/** One value for each name, and a list of them. */
const bothWays = (headers: Values) => ({
  headers,
  multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
});

/** AWS leaves both members out where there is no query. */
const queryOf = (query: ConnectEvent['query']) => {
  const present = Object.entries(query).map(([name, value = '']) => [name, value] as const);
  if (present.length === 0) return {};
  return {
    queryStringParameters: Object.fromEntries(present),
    multiValueQueryStringParameters: Object.fromEntries(present.map(([name, value]) => [name, [value]])),
  };
};

/** What API Gateway adds to a request's own headers. */
const forwarded = ({ host, sourceIp }: Pick<Session, 'host' | 'sourceIp'>): Values => ({
  'X-Amzn-Trace-Id': `Root=1-${crypto.randomUUID().replaceAll('-', '').replace(/^.{8}/, '$&-')}`,
  'X-Forwarded-For': sourceIp,
  'X-Forwarded-Port': /:(\d+)$/.exec(host)?.[1] ?? '80',
  'X-Forwarded-Proto': 'http',
});

const inLowerCase = (headers: Values): Values =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Node tells names in lower case; API Gateway hands on what the client wrote, and clients write `Sec-WebSocket-Key`. */
const capitalised = (name: string): string =>
  name.replaceAll(/(^|-)[a-z]/g, start => start.toUpperCase()).replace('Websocket', 'WebSocket');

/** Such as `11/Nov/2024:11:35:24 +0000`. */
const commonLogTime = (now: number): string => {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
};
