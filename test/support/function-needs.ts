import type { FunctionName } from '../../src/composition/emulated-aws.ts';

const PRESENCE_TABLE = { FANFARE_PRESENCE_TABLE: 'presence' };
const PRESENCE = {
  ...PRESENCE_TABLE,
  FANFARE_PRESENCE_QUEUE_URL: 'http://127.0.0.1/presence',
};
const CONNECTIONS = { FANFARE_CONNECTIONS_TABLE: 'connections', ...PRESENCE };
const MESSAGES = { FANFARE_MESSAGES_TABLE: 'messages' };
const IDEMPOTENCY = { FANFARE_IDEMPOTENCY_TABLE: 'idempotency' };
const INBOX = { FANFARE_INBOX_TABLE: 'inbox' };
const LIMITS = { FANFARE_LIMITS_TABLE: 'limits' };
const TOPIC = { FANFARE_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:topic' };
const SECRET = { FANFARE_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:name' };
const QUEUES = {
  FANFARE_DELIVERY_QUEUE_URL: 'http://127.0.0.1/queue',
  FANFARE_DELIVERY_DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1/dead',
};
const MANAGEMENT = { FANFARE_MANAGEMENT_ENDPOINT: 'http://127.0.0.1' };
const DATABASE = { FANFARE_POSTGRES_URL: 'postgres://127.0.0.1:5432/fanfare' };
const PUSHES = { FANFARE_PUSH_QUEUE_URL: 'http://127.0.0.1/pushes' };
const ALARMS = {
  FANFARE_SCHEDULE_GROUP: 'fanfare',
  FANFARE_SCHEDULE_ROLE_ARN: 'arn:aws:iam::000000000000:role/alarms',
  FANFARE_SCHEDULE_QUEUE_URL: 'http://127.0.0.1/alarms',
  FANFARE_SCHEDULE_QUEUE_ARN: 'arn:aws:sqs:us-east-1:000000000000:alarms',
  FANFARE_SCHEDULE_DEAD_LETTER_QUEUE_ARN: 'arn:aws:sqs:us-east-1:000000000000:dead-alarms',
};
const HTTP = {
  ...MESSAGES,
  ...IDEMPOTENCY,
  ...INBOX,
  ...PRESENCE_TABLE,
  ...LIMITS,
  ...TOPIC,
  ...SECRET,
  ...QUEUES,
};
const SENDS = { ...CONNECTIONS, ...MESSAGES, ...QUEUES, ...MANAGEMENT };

/** Those that CloudFormation calls, and no emulator has. */
type DeploymentFunction = 'migrate' | 'platforms';

/** What each function needs of its environment, with values of the right kind. */
export const NEEDS: Readonly<Record<FunctionName | DeploymentFunction, Readonly<Record<string, string>>>> = {
  connect: { ...CONNECTIONS, ...SECRET },
  disconnect: CONNECTIONS,
  message: { ...CONNECTIONS, ...MESSAGES, ...INBOX, ...LIMITS, ...TOPIC, ...MANAGEMENT },
  http: HTTP,
  'fan-out': SENDS,
  deliver: SENDS,
  presence: { ...PRESENCE, ...MESSAGES, ...TOPIC },
  'http-with-data': { ...HTTP, ...DATABASE, ...PUSHES, ...ALARMS },
  schedule: { ...MESSAGES, ...IDEMPOTENCY, ...INBOX, ...TOPIC, ...DATABASE, ...PUSHES, ...ALARMS },
  push: { ...INBOX, ...DATABASE },
  trail: DATABASE,
  migrate: { ...DATABASE, FANFARE_POSTGRES_ROLE: 'fanfare_app' },
  platforms: {},
};
