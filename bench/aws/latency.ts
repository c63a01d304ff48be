import { setTimeout as sleep } from 'node:timers/promises';
import { median, readable } from '../report.ts';
import type { WatchedEmulation } from './emulation.ts';
import { startWatchedEmulation } from './emulation.ts';
import { Screens } from './screens.ts';
import type { Watched } from './watch-calls.ts';

const WARM_UP = 10;
/** More than a fan-out delivers by itself, so that jobs go over the delivery queue. */
const CROWD = 520;

/** The way of one notification, in ms, hop by hop; they add up to the whole. */
type Hops = Readonly<Record<string, number>>;

export interface LatencyOptions {
  /** LocalStack's. */
  readonly endpoint: string;
  readonly notifications: number;
  /** Those that go over the delivery queue; 0 leaves them out. */
  readonly broadcasts: number;
}

/** (d) From posting a notification to the last screen that hears of it, through the emulated AWS. */
export const latencyByHop = async ({
  endpoint,
  notifications,
  broadcasts,
}: LatencyOptions): Promise<string> => {
  const emulation = await startWatchedEmulation({ endpoint, prefix: 'fanfare-bench-latency' });
  const screens = new Screens();
  try {
    await screens.open(emulation, ['alice']);
    const inline = await notifyMany(emulation, screens, 'user:alice', notifications);
    const tables = [table(`To one screen, ${notifications} times: the fan-out delivers by itself.`, inline)];
    if (broadcasts > 0) {
      const users = Array.from({ length: CROWD - 1 }, (_, n) => `u${n}`);
      await screens.open(emulation, users);
      const queued = await notifyMany(emulation, screens, 'broadcast', broadcasts);
      tables.push(
        table(`To the last of ${CROWD} screens, ${broadcasts} times: jobs over the delivery queue.`, queued),
      );
    }
    return ['**(d) From the request to the socket**, through the emulated AWS', ...tables].join('\n\n');
  } finally {
    screens.close();
    await emulation.stop();
  }
};

/** One after the other, so that none waits for another. */
const notifyMany = async (
  emulation: WatchedEmulation,
  screens: Screens,
  channel: string,
  count: number,
): Promise<Hops[]> => {
  const ways: Hops[] = [];
  for (let n = 0; n < WARM_UP + count; n++) {
    emulation.taken();
    const title = `notification ${crypto.randomUUID()}`;
    const heard = screens.heard(title, screens.count);
    const from = performance.timeOrigin + performance.now();
    const response = await emulation.notify({ to: [channel], title });
    if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
    const to = await heard;
    await ended(emulation);
    if (n >= WARM_UP) ways.push(hopsOf(emulation.watched, from, to));
  }
  return ways;
};

/** The function that posts tells of its end after the socket has heard. */
const ended = async ({ watched }: WatchedEmulation): Promise<void> => {
  const delivers = (by: string) => watched.some(({ kind, by: name }) => kind === 'invocation' && name === by);
  const jobs = () => watched.some(({ what }) => what.startsWith('SQS.Send'));
  while (!delivers('fan-out') || (jobs() && !delivers('deliver'))) await sleep(5);
  await sleep(20);
};

const hopsOf = (watched: readonly Watched[], from: number, to: number): Hops => {
  const calls = watched.filter(({ kind }) => kind === 'call');
  const started = (by: string): Watched => lastOf(watched, one => one.kind === 'invocation' && one.by === by);
  const http = started('http');
  const appends = calls.filter(({ by, what }) => by === 'http' && what.startsWith('DynamoDB.'));
  const append = appends.reduce((sum, call) => sum + call.to - call.from, 0);
  const publish = lastOf(calls, ({ what }) => what.startsWith('SNS.Publish'));
  const fanOut = started('fan-out');
  const post = lastOf(calls, ({ what }) => what.endsWith('.PostToConnection'));
  const common = {
    'HTTP in front of the function': http.from - from,
    'the HTTP function itself': publish.from - http.from - append,
    'DynamoDB: append': append,
    'SNS, SQS, until fan-out begins': fanOut.from - publish.from,
  };
  const sends = calls.filter(({ what }) => what.startsWith('SQS.Send'));
  const sent = sends.at(-1);
  if (sent === undefined) {
    return {
      ...common,
      'fan-out: members, and itself': post.from - fanOut.from,
      'the last post': to - post.from,
    };
  }
  const deliver = lastOf(watched, one => one.kind === 'invocation' && one.by === 'deliver');
  return {
    ...common,
    'fan-out: members, jobs, and itself': sent.from - fanOut.from,
    'SQS, until deliver begins': deliver.from - sent.from,
    'deliver, up to its last post': post.from - deliver.from,
    'the last post': to - post.from,
  };
};

/** The one that began last. */
const lastOf = (watched: readonly Watched[], which: (one: Watched) => boolean): Watched => {
  const found = watched
    .filter(which)
    .reduce<Watched | undefined>(
      (last, one) => (last === undefined || one.from > last.from ? one : last),
      undefined,
    );
  if (found === undefined) throw new Error('a hop was not seen');
  return found;
};

const table = (title: string, ways: readonly Hops[]): string => {
  const names = Object.keys(ways[0] ?? {});
  const totals = ways.map(way => Object.values(way).reduce((sum, ms) => sum + ms, 0));
  const quantile = (values: readonly number[], q: number): number => {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * q) - 1] ?? Number.NaN;
  };
  const middle = (values: readonly number[]): number => median([...values].sort((a, b) => a - b));
  const rows = names.map(name => {
    const values = ways.map(way => way[name] ?? Number.NaN);
    return { name, p50: middle(values), p99: quantile(values, 0.99) };
  });
  const whole = rows.reduce((sum, { p50 }) => sum + p50, 0);
  const row = (name: string, p50: number, p99: number, share: number): string =>
    `| ${name} | ${readable(p50)} | ${readable(p99)} | ${Math.round(share * 100)} % |`;
  return [
    title,
    '',
    '| hop | p50, ms | p99, ms | share |',
    '|---|--:|--:|--:|',
    ...rows.map(({ name, p50, p99 }) => row(name, p50, p99, p50 / whole)),
    row('**the whole**', middle(totals), quantile(totals, 0.99), 1),
  ].join('\n');
};
