import { readable } from '../report.ts';

/**
 * US dollars in us-east-1, without free tiers and volume discounts. Where they come from, and their dates, is in
 * docs/deploy.md.
 */
export const PRICES = {
  httpRequest: 1.0e-6,
  /** In either direction, per 32 KB. */
  socketMessage: 1.0e-6,
  connectionMinute: 0.25e-6,
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** Per 64 KB; deliveries to SQS are free. */
  topicPublish: 0.5e-6,
  /** Besides its publish. */
  phonePush: 0.5e-6,
  /** Per 64 KB; a batch is one. */
  queueRequest: 0.4e-6,
  invocation: 0.2e-6,
  gigabyteSecond: 13.3334e-6,
  logGigabyte: 0.5,
  /** For a name with its labels, a month. */
  metric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  secret: 0.4,
} as const;

/** What a person does, in a month of 30 days. What of it is pushed: `push-cost-model.ts`. */
export const PATTERN = {
  sessions: 30,
  minutesPerSession: 120,
  minutesBetweenPings: 5,
  /** To the person's own channel. */
  notifications: 300,
  /** To everybody. */
  broadcasts: 4,
} as const;

/** What a notification to one channel, or to a user, makes the functions do. `test/aws/calls.test.ts` counts the same. */
export const notificationCalls = (receivers: number, to: 'channel' | 'user' = 'channel') => {
  const inline = receivers <= MEMBERS_PER_JOB;
  const jobs = inline ? 0 : Math.ceil(receivers / MEMBERS_PER_JOB);
  return {
    reads: 1,
    writeUnits: 6,
    /** The entry, and the two indexes that it is in. */
    inboxWriteUnits: to === 'user' ? 3 : 0,
    publishes: 1,
    queries: Math.max(1, Math.ceil(receivers / MEMBERS_PER_QUERY)),
    jobs,
    jobBatches: Math.ceil(jobs / JOBS_PER_BATCH),
    posts: receivers,
  };
};

const MEMBERS_PER_JOB = 500;
const MEMBERS_PER_QUERY = 5_000;
const JOBS_PER_BATCH = 10;
/** Ten jobs are some 100 KB: two requests as they are billed. */
const REQUESTS_PER_BATCH = 2;
/** 1 for 4 KB of members; the benchmark counts 12 for a page of 500. */
const READ_UNITS_PER_MEMBER = 12 / 500;
/** A connection with its own channel and the broadcast; its end: docs/data-model.md. */
const CONNECT_WRITE_UNITS = 6;
const DISCONNECT_WRITE_UNITS = 3;

/** How long functions run, ms, with the memory that infra/config.ts gives them, GB. Assumptions: not measured on AWS. */
const RUN = {
  socket: { ms: 20, gigabytes: 0.5 },
  http: { ms: 50, gigabytes: 0.5 },
  fanOut: { ms: 50, gigabytes: 1.73 },
  /** A job of 500 posts, 10 under way, each in 10 ms. */
  job: { ms: 550, gigabytes: 1.73 },
} as const;

export const LOG_BYTES_PER_INVOCATION = 1_000;
const METRICS = 40;
/** `test/bench/models.test.ts` counts them. */
export const ALARMS = 36;
/** Three mappings, of five pollers at the least, three polls of 20 s a minute: whether anything comes or not. */
const IDLE_POLLS = 3 * 5 * 3 * 60 * 24 * 30;

/** Dollars a month, by what they are paid for. */
export const monthlyCost = (users: number): Readonly<Record<string, number>> => {
  const { sessions, minutesPerSession, minutesBetweenPings, notifications, broadcasts } = PATTERN;
  const one = notificationCalls(1, 'user');
  const all = notificationCalls(users);
  const pings = (sessions * minutesPerSession) / minutesBetweenPings;
  const sum = (perUser: number, perBroadcast: number): number => users * perUser + broadcasts * perBroadcast;
  const requests = sum(notifications, 1);
  const socketEvents = users * (2 * sessions + pings);
  const jobs = broadcasts * all.jobs;
  const invocations = 2 * requests + socketEvents + jobs;
  const writeUnits = sum(
    notifications * (one.writeUnits + one.inboxWriteUnits) +
      sessions * (CONNECT_WRITE_UNITS + DISCONNECT_WRITE_UNITS),
    all.writeUnits,
  );
  const readUnits = sum(
    // Who sends a frame is looked up.
    notifications * (one.reads + one.queries) + pings,
    all.reads + Math.max(1, users * READ_UNITS_PER_MEMBER),
  );
  return {
    'posts to sockets': sum(notifications * one.posts, all.posts) * PRICES.socketMessage,
    'pings and their answers': 2 * users * pings * PRICES.socketMessage,
    'connection minutes': users * sessions * minutesPerSession * PRICES.connectionMinute,
    'HTTP requests': requests * PRICES.httpRequest,
    DynamoDB: writeUnits * PRICES.writeUnit + readUnits * PRICES.readUnit,
    // Received and deleted; jobs are sent as well.
    'SNS and SQS':
      requests * (PRICES.topicPublish + 2 * PRICES.queueRequest) +
      (2 * jobs + broadcasts * all.jobBatches * REQUESTS_PER_BATCH) * PRICES.queueRequest,
    Lambda:
      requests * (runCost(RUN.http) + runCost(RUN.fanOut)) +
      socketEvents * runCost(RUN.socket) +
      jobs * runCost(RUN.job),
    logs: ((invocations * LOG_BYTES_PER_INVOCATION) / 1e9) * PRICES.logGigabyte,
    'whether used or not':
      IDLE_POLLS * PRICES.queueRequest +
      METRICS * PRICES.metric +
      ALARMS * PRICES.alarm +
      PRICES.dashboard +
      PRICES.secret,
  };
};

/** Of one run of a function. */
export const runCost = ({ ms, gigabytes }: { readonly ms: number; readonly gigabytes: number }): number =>
  PRICES.invocation + (ms / 1_000) * gigabytes * PRICES.gigabyteSecond;

const USERS = [1_000, 100_000, 1_000_000] as const;

const dollars = (value: number): string => (value >= 100 ? readable(Math.round(value)) : value.toFixed(2));

export const costTable = (): string =>
  tableOf('**What a month costs**, US dollars, by the model in `bench/aws/cost-model.ts`', monthlyCost);

/** A column for each number of people. */
export const tableOf = (
  title: string,
  monthly: (users: number) => Readonly<Record<string, number>>,
): string => {
  const costs = USERS.map(monthly);
  const names = Object.keys(costs[0] ?? {});
  const whole = costs.map(cost => Object.values(cost).reduce((sum, part) => sum + part, 0));
  return [
    title,
    '',
    `| | ${USERS.map(users => `${readable(users)} people`).join(' | ')} |`,
    '|---|--:|--:|--:|',
    ...names.map(name => `| ${name} | ${costs.map(cost => dollars(cost[name] ?? 0)).join(' | ')} |`),
    `| **together** | ${whole.map(dollars).join(' | ')} |`,
    `| for each person | ${whole.map((sum, n) => (sum / (USERS[n] ?? 1)).toFixed(4)).join(' | ')} |`,
  ].join('\n');
};
