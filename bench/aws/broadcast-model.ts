import { readable } from '../report.ts';

/** What a broadcast's time is made of. Where nobody has measured it on AWS, the value is an assumption and says so. */
export interface BroadcastParts {
  readonly receivers: number;
  /** Invocations of deliver at once, and posts that each has under way: `infra/config.ts`. */
  readonly deliverConcurrency: number;
  readonly postConcurrency: number;
  /** How long API Gateway takes to answer a post. An assumption. */
  readonly postMs: number;
  /** Processor time of a post, µs, on the one processor that an invocation has; measured by `npm run bench:aws`. */
  readonly cpuPerPost: number;
  /** API Gateway's, for an account and region, over everything that asks it. */
  readonly quotaPerSecond: number;
  /** Members that fan-out reads at once, and how long that takes, ms, 12 of which are processor time. An assumption. */
  readonly membersPerRead: number;
  readonly readMs: number;
  /** Members in a job, jobs in a batch, how long one takes to send, ms, an assumption, and how many are under way meanwhile. */
  readonly membersPerJob: number;
  readonly jobsPerBatch: number;
  readonly batchMs: number;
  readonly batchesUnderWay: number;
}

export interface BroadcastTime {
  /** Until fan-out has sent the last job, s. Deliver works meanwhile. */
  readonly planSeconds: number;
  readonly postsPerSecond: number;
  /** Until the last screen has heard, s, without the hops before fan-out. */
  readonly seconds: number;
  /** What would have to change for it to be faster. */
  readonly limit: 'the quota' | 'posts under way' | 'processor time' | 'planning';
}

/** As `infra/config.ts` has it by default, and as the last run of the benchmark measured. */
export const DEFAULTS: Omit<BroadcastParts, 'receivers'> = {
  deliverConcurrency: 6,
  postConcurrency: 10,
  postMs: 10,
  cpuPerPost: 70,
  quotaPerSecond: 10_000,
  membersPerRead: 5_000,
  readMs: 60,
  membersPerJob: 500,
  jobsPerBatch: 10,
  batchMs: 30,
  batchesUnderWay: 4,
};

export const broadcastTime = (parts: BroadcastParts): BroadcastTime => {
  const { receivers, deliverConcurrency, postConcurrency, postMs, cpuPerPost } = parts;
  // A place is taken again only after the processor has come round to it.
  const perPlace = 1_000 / (postMs + cpuPerPost / 1_000);
  const rates = {
    'posts under way': deliverConcurrency * postConcurrency * perPlace,
    'processor time': (deliverConcurrency * 1e6) / cpuPerPost,
    'the quota': parts.quotaPerSecond,
  };
  const postsPerSecond = Math.min(...Object.values(rates));
  const planSeconds = planMs(parts) / 1_000;
  const postSeconds = receivers / postsPerSecond;
  const slowest = Object.entries(rates).find(([, rate]) => rate === postsPerSecond)?.[0];
  return {
    planSeconds,
    postsPerSecond,
    seconds: Math.max(planSeconds, postSeconds),
    limit: planSeconds > postSeconds ? 'planning' : (slowest as BroadcastTime['limit']),
  };
};

/** One read after the other, while batches are sent. */
const planMs = (parts: BroadcastParts): number => {
  const { receivers, membersPerRead, readMs, membersPerJob, jobsPerBatch, batchMs, batchesUnderWay } = parts;
  const reads = Math.ceil(receivers / membersPerRead);
  const batches = Math.ceil(receivers / (membersPerJob * jobsPerBatch));
  return Math.max(reads * readMs, (batches * batchMs) / batchesUnderWay);
};

const RECEIVERS = [1_000, 100_000, 1_000_000] as const;

/** Three ways to run it: as it is, with slower posts, and with all of the quota. */
const CASES = [
  ['as configured, a post in 10 ms', {}],
  ['as configured, a post in 30 ms', { postMs: 30 }],
  ['30 invocations of deliver, a post in 30 ms', { deliverConcurrency: 30, postMs: 30 }],
] as const;

export const broadcastTable = (cpuPerPost = DEFAULTS.cpuPerPost): string => {
  const of = (receivers: number, change: Partial<BroadcastParts>): BroadcastTime =>
    broadcastTime({ ...DEFAULTS, cpuPerPost, ...change, receivers });
  const row = ([name, change]: (typeof CASES)[number]): string => {
    const { postsPerSecond, limit } = of(1_000_000, change);
    const times = RECEIVERS.map(receivers => `${readable(of(receivers, change).seconds)} s`);
    return `| ${name} | ${times.join(' | ')} | ${readable(postsPerSecond)} | ${limit} |`;
  };
  return [
    '**How long a broadcast takes**, by the model in `bench/aws/broadcast-model.ts`',
    '',
    `| | ${RECEIVERS.map(readable).join(' | ')} | posts/s | limited by |`,
    '|---|--:|--:|--:|--:|---|',
    ...CASES.map(row),
    `| planning alone, ${readable(DEFAULTS.membersPerRead)} members in ${DEFAULTS.readMs} ms | ${RECEIVERS.map(receivers => `${readable(of(receivers, {}).planSeconds)} s`).join(' | ')} | | |`,
  ].join('\n');
};
