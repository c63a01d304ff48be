/**
 * The shapes of the events that AWS hands to a function, as its documentation and its own libraries' test data show
 * them. Members, nesting and formats are theirs; the values are ours, in the documented formats.
 *
 * - `connect`, `message`, `disconnect`: "Working with WebSocket APIs" in API Gateway's developer guide, and the records
 *   of real events in aws/aws-lambda-go `events/testdata/apigw-websocket-request-*.json` and
 *   aws-powertools/powertools-lambda-python `tests/events/apiGatewayWebSocketApi*.json`
 * - `connectWithQuery`: aws/aws-lambda-go `events/testdata/apigw-websocket-request.json`, its two members for a query
 * - `http`: "AWS Lambda proxy integrations for HTTP APIs", payload format 2.0; aws/aws-lambda-go
 *   `events/testdata/apigw-v2-request-no-authorizer.json`
 * - `queue`: "Using Lambda with Amazon SQS"; aws/aws-lambda-go `events/testdata/sqs-event.json`
 * - `minute`: "Amazon EventBridge events", Lambda's developer guide: what a rule with a rate sends
 */

const HOST = 'abcde12345.execute-api.eu-central-1.amazonaws.com';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64)';

const context = (eventType: string, routeKey: string) => ({
  routeKey,
  eventType,
  extendedRequestId: 'Abc-EfGh_jKlMnO=',
  requestTime: '02/Mar/2024:10:20:30 +0000',
  messageDirection: 'IN',
  stage: 'prod',
  connectedAt: 1_709_374_829_001,
  requestTimeEpoch: 1_709_374_830_002,
  identity: { sourceIp: '198.51.100.7' }, // and `userAgent`, where the client names itself
  requestId: 'Abc-EfGh_jKlMnO=',
  domainName: HOST,
  connectionId: 'Zyx-VuTs_qPoNmL=',
  apiId: 'abcde12345',
});

const handshake = {
  Host: HOST,
  'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
  'Sec-WebSocket-Key': 'AAECAwQFBgcICQoLDA0ODw==',
  'Sec-WebSocket-Version': '13',
  'X-Amzn-Trace-Id': 'Root=1-65e2fb6e-0123456789abcdef01234567',
  'X-Forwarded-For': '198.51.100.7',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

const farewell = { Host: HOST, 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };

const listed = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));

const connect = {
  headers: handshake,
  multiValueHeaders: listed(handshake),
  requestContext: context('CONNECT', '$connect'),
  isBase64Encoded: false,
};

const query = { name: 'me' };

export const documented = {
  connect,
  connectWithQuery: {
    ...connect,
    queryStringParameters: query,
    multiValueQueryStringParameters: listed(query),
  },
  message: {
    requestContext: { ...context('MESSAGE', '$default'), messageId: 'Def-HiJk_mNoPqR=' },
    body: '{"action":"ping"}',
    isBase64Encoded: false,
  },
  disconnect: {
    headers: farewell,
    multiValueHeaders: listed(farewell),
    requestContext: {
      ...context('DISCONNECT', '$disconnect'),
      disconnectStatusCode: 1005,
      disconnectReason: 'Client-side close frame status not set',
    },
    isBase64Encoded: false,
  },
  http: {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/v1/notifications',
    rawQueryString: 'a=1&a=2&b=3',
    cookies: ['one=1', 'two=2'],
    headers: {
      accept: '*/*',
      'content-length': '17',
      'content-type': 'application/json',
      host: HOST,
      'user-agent': AGENT,
      'x-amzn-trace-id': 'Root=1-65e2fb6e-0123456789abcdef01234567',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
    },
    queryStringParameters: { a: '1,2', b: '3' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcde12345',
      domainName: HOST,
      domainPrefix: 'abcde12345',
      http: {
        method: 'POST',
        path: '/v1/notifications',
        protocol: 'HTTP/1.1',
        sourceIp: '198.51.100.7',
        userAgent: AGENT,
      },
      requestId: 'Abc-EfGh_jKlMnO=',
      routeKey: '$default',
      stage: '$default',
      time: '02/Mar/2024:10:20:30 +0000',
      timeEpoch: 1_709_374_830_002,
    },
    body: '{"title":"hello"}',
    isBase64Encoded: false,
  },
  queue: {
    Records: [
      {
        messageId: '01234567-89ab-4cde-8f01-23456789abcd',
        receiptHandle: 'AQEBopaque+handle/of==',
        body: '{"message":{}}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '1709374830002',
          SenderId: 'AROAEXAMPLE:sender',
          ApproximateFirstReceiveTimestamp: '1709374830003',
        },
        messageAttributes: {
          cause: {
            stringValue: 'throttled',
            stringListValues: [],
            binaryListValues: [],
            dataType: 'String',
          },
        },
        md5OfMessageAttributes: '0123456789abcdef0123456789abcdef',
        md5OfBody: 'fedcba9876543210fedcba9876543210',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:a-queue',
        awsRegion: 'eu-central-1',
      },
    ],
  },
  minute: {
    version: '0',
    id: 'fe8d3c65-xmpl-c5c3-2c87-81584709a377',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: '2020-04-28T07:20:20Z',
    region: 'us-east-2',
    resources: ['arn:aws:events:us-east-2:123456789012:rule/minute'],
    detail: {},
  },
} as const;
