import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readable } from '../report.ts';
import { seedMembers } from './crowd.ts';
import { startWatchedEmulation, type WatchedEmulation } from './emulation.ts';
import type { Watched } from './watch-calls.ts';

const POST = 'ApiGatewayManagementApi.PostToConnection';
const SETTLE_MS = 1_000;
const DEADLINE_MS = 60_000;

/** What one notification made the functions do: by function and call, how often, and in capacity units. */
export interface Counted {
  readonly receivers: number;
  /** A user has an inbox. */
  readonly to: 'channel' | 'user';
  readonly calls: ReadonlyMap<
    string,
    { readonly times: number; readonly units: number; readonly entries: number }
  >;
}

/** (c) Calls and capacity units of a notification: to a user, then to a channel for each number of receivers. */
export const countCalls = async (endpoint: string, receivers: readonly number[]): Promise<Counted[]> => {
  const posts = await answeringPosts();
  const emulation = await startWatchedEmulation({
    endpoint,
    prefix: 'fanfare-bench-calls',
    managementEndpoint: posts.url,
  });
  try {
    // So that what a function does once in its life (the signing secret) is not counted.
    await countOne(emulation, endpoint, 'channel', 1);
    const counted = [await countOne(emulation, endpoint, 'user', 1)];
    for (const count of receivers) counted.push(await countOne(emulation, endpoint, 'channel', count));
    return counted;
  } finally {
    await emulation.stop();
    posts.close();
  }
};

const countOne = async (
  emulation: WatchedEmulation,
  endpoint: string,
  to: Counted['to'],
  receivers: number,
): Promise<Counted> => {
  const channel = `${to === 'user' ? 'user' : 'topic'}:crowd-${crypto.randomUUID()}`;
  const table = emulation.resources.env.FANFARE_CONNECTIONS_TABLE ?? '';
  await seedMembers(endpoint, table, channel, receivers);
  emulation.taken();
  const response = await emulation.notify({ to: [channel], title: 'Shipped', data: { order: 42 } });
  if (response.status !== 202) throw new Error(`${response.status}: ${await response.text()}`);
  await quiet(emulation, receivers);
  return { receivers, to, calls: tally(emulation.taken()) };
};

/** Until all were posted to, and nothing more was told for a while. */
const quiet = async ({ watched }: WatchedEmulation, receivers: number): Promise<void> => {
  const deadline = performance.now() + DEADLINE_MS;
  const posted = () => watched.filter(({ what }) => what === POST).length;
  for (let before = -1; posted() < receivers || before !== watched.length; await sleep(SETTLE_MS)) {
    if (performance.now() > deadline) throw new Error(`${posted()} posts for ${receivers} receivers`);
    before = watched.length;
  }
};

/** By function and call, such as `fan-out: DynamoDB.Query`; an invocation is `fan-out: invocation`. */
export const tally = (watched: readonly Watched[]): Counted['calls'] => {
  const calls = new Map<string, { times: number; units: number; entries: number }>();
  for (const { by, kind, what, units, entries } of watched) {
    const name = `${by}: ${kind === 'call' ? what : kind}`;
    const known = calls.get(name) ?? { times: 0, units: 0, entries: 0 };
    calls.set(name, {
      times: known.times + 1,
      units: known.units + units.read + units.write,
      entries: known.entries + entries,
    });
  }
  return calls;
};

/** @param columns what was done, and the calls of it */
export const callsTable = (columns: readonly (readonly [string, Counted['calls']])[]): string => {
  const names = [...new Set(columns.flatMap(([, calls]) => [...calls.keys()]))];
  const cell = (calls: Counted['calls'], name: string) => {
    const { times = 0, units = 0 } = calls.get(name) ?? {};
    return units > 0 ? `${readable(times)} (${readable(units)} units)` : readable(times);
  };
  return [
    `| | ${columns.map(([what]) => what).join(' | ')} |`,
    `|---|${columns.map(() => '--:').join('|')}|`,
    ...names.map(name => `| ${name} | ${columns.map(([, calls]) => cell(calls, name)).join(' | ')} |`),
  ].join('\n');
};

export const notificationTable = (counted: readonly Counted[]): string =>
  [
    '**(c) Calls of one notification to a user, or to one channel of so many**, as the functions made them, with DynamoDB’s capacity units',
    '',
    callsTable(
      counted.map(({ receivers, to, calls }) => [to === 'user' ? 'a user' : readable(receivers), calls]),
    ),
  ].join('\n');

/** In this process, since nobody measures time here. */
const answeringPosts = async () => {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
