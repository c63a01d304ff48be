import { LOG_BYTES_PER_INVOCATION, PATTERN, PRICES, runCost, tableOf } from './cost-model.ts';

/** Of a person with one phone, in the same month: a screen is open for 2 of 24 hours. */
export const PUSH_PATTERN = {
  /** Of the notifications, those that no screen shows. */
  pushed: 275,
  /** Of the pushed, those that are read while the phone still shows them, and taken back. */
  withdrawn: 90,
} as const;

/**
 * What functions do for phones, beside what the notification makes them do anyway (`notificationCalls`).
 * `test/aws/push-calls.test.ts` counts the same.
 */
export const PUSH_CALLS = {
  /** Of a notification that is pushed to one phone. */
  push: { queued: 1, trailed: 1, trailRuns: 1, runs: 1, readUnits: 5, publishes: 1 },
  /** Of reading it, beside the mark. */
  withdrawal: { queued: 1, trailed: 0, trailRuns: 0, runs: 1, readUnits: 3, publishes: 1 },
} as const;

/** A message is sent, received and deleted; each is a request, though receiving and deleting come in batches. */
const REQUESTS_PER_MESSAGE = 3;

/** How long functions run, ms, with the memory that infra/config.ts gives them, GB. Assumptions: not measured on AWS. */
const RUN = {
  push: { ms: 150, gigabytes: 0.5 },
  /** A record by itself; under load a hundred share a run. */
  trail: { ms: 30, gigabytes: 0.5 },
} as const;

/** Dollars a month, by what they are paid for, besides `monthlyCost` and what is paid whether used or not. */
export const monthlyPushCost = (users: number): Readonly<Record<string, number>> => {
  const { notifications } = PATTERN;
  const { pushed, withdrawn } = PUSH_PATTERN;
  const { push, withdrawal } = PUSH_CALLS;
  // What a screen has shown is decided as well, and its acknowledgement told to the trail.
  const shown = notifications - pushed;
  const of = (call: keyof typeof push): number =>
    users * (pushed * push[call] + withdrawn * withdrawal[call]);
  const decisions = of('runs') + users * shown * push.runs;
  const queued = of('queued') + users * shown * push.queued;
  const trailed = of('trailed') + users * shown * (push.trailed + 1);
  const trailRuns = of('trailRuns') + users * shown * (push.trailRuns + 1);
  return {
    'SNS, to phones': of('publishes') * (PRICES.topicPublish + PRICES.phonePush),
    SQS: (queued + trailed) * REQUESTS_PER_MESSAGE * PRICES.queueRequest,
    'Lambda, push': decisions * runCost(RUN.push),
    'Lambda, trail': trailRuns * runCost(RUN.trail),
    DynamoDB: (of('readUnits') + users * shown) * PRICES.readUnit,
    logs: (((decisions + trailRuns) * LOG_BYTES_PER_INVOCATION) / 1e9) * PRICES.logGigabyte,
  };
};

export const pushCostTable = (): string =>
  tableOf(
    '**What pushes add to a month**, US dollars, by the model in `bench/aws/push-cost-model.ts`',
    monthlyPushCost,
  );
