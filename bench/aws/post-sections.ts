import { median, readable, spread } from '../report.ts';
import { ServerProcess } from '../server-process.ts';
import { aBareLoop, aGateway, managementApi, measurePosts } from './posts.ts';

/** Before what counts: connections opened, code compiled. What serves thousands of posts is measured warm. */
const WARM_UP = 2_000;
const POSTS = 5_000;
const POST_CONCURRENCY = 50;

const CONNECTIONS = 1_000;
const DELAY_MS = 10;
const CONCURRENCIES = [10, 50, 100] as const;

export interface PostSectionsOptions {
  readonly repeat: number;
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** (a) How much of the concurrency a fan-out makes use of, on a management API that answers after 10 ms. */
export const fanOutEfficiency = async ({ repeat }: PostSectionsOptions): Promise<string> => {
  const server = await ServerProcess.start(managementApi(DELAY_MS));
  const rows: string[] = [];
  try {
    for (const concurrency of CONCURRENCIES) {
      const ours = aGateway('fanfare', server, concurrency);
      const bare = aBareLoop(server, concurrency);
      const tookMs: number[] = [];
      const bareMs: number[] = [];
      const busy: number[] = [];
      for (const { gateway } of [ours, bare]) await measurePosts(gateway, WARM_UP);
      for (let run = 0; run < repeat; run++) {
        const { seconds, cpuPerPost } = await measurePosts(ours.gateway, CONNECTIONS);
        tookMs.push(seconds * 1e3);
        busy.push((cpuPerPost * CONNECTIONS) / 1e4 / seconds);
        bareMs.push((await measurePosts(bare.gateway, CONNECTIONS)).seconds * 1e3);
      }
      ours.close();
      bare.close();
      const idealMs = Math.ceil(CONNECTIONS / concurrency) * DELAY_MS;
      const took = ascending(tookMs);
      const efficiency = (100 * idealMs) / median(took);
      const rate = (CONNECTIONS / median(took)) * 1e3;
      rows.push(
        `| ${concurrency} | ${readable(idealMs)} | ${spread(took)} | ${readable(efficiency)} % | ${spread(ascending(bareMs))} | ${readable(rate)} | ${readable(median(ascending(busy)))} % |`,
      );
    }
  } finally {
    await server.stop();
  }
  return [
    `**(a) A fan-out to ${readable(CONNECTIONS)} connections**, each post answered after ${DELAY_MS} ms; medians of ${repeat}`,
    '',
    '| posts under way | ideal, ms | took, ms | of the ideal | a bare loop, ms | posts/s | of a core |',
    '|--:|--:|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
};

/** (b) What a post costs in processor time: ours and the SDK as it comes, in turn, against the same server. */
export const postCost = async ({
  repeat,
}: PostSectionsOptions): Promise<{ readonly text: string; readonly cpuPerPost: number }> => {
  const server = await ServerProcess.start(managementApi(0));
  const contenders = (['fanfare', 'sdk'] as const).map(whose => ({
    ...aGateway(whose, server, POST_CONCURRENCY),
    rates: [] as number[],
    cpu: [] as number[],
  }));
  try {
    for (const { gateway } of contenders) await measurePosts(gateway, WARM_UP);
    for (let run = 0; run < repeat; run++) {
      for (const { gateway, rates, cpu } of contenders) {
        const { seconds, cpuPerPost } = await measurePosts(gateway, POSTS);
        rates.push(POSTS / seconds);
        cpu.push(cpuPerPost);
      }
    }
  } finally {
    for (const { close } of contenders) close();
    await server.stop();
  }
  const [ours, sdk] = contenders.map(({ rates, cpu }) => ({ rates: ascending(rates), cpu: ascending(cpu) }));
  if (ours === undefined || sdk === undefined) throw new Error('no contenders');
  const ratio = (of: 'rates' | 'cpu') => readable(median(ours[of]) / median(sdk[of]));
  const text = [
    `**(b) A post's processor time**, ${readable(POSTS)} posts, ${POST_CONCURRENCY} under way, answered at once; medians of ${repeat} (min..max)`,
    '',
    '| | fanfare | the SDK as it comes | ratio |',
    '|---|--:|--:|--:|',
    `| posts/s, one process | ${spread(ours.rates)} | ${spread(sdk.rates)} | ${ratio('rates')} |`,
    `| processor time for a post, µs | ${spread(ours.cpu)} | ${spread(sdk.cpu)} | ${ratio('cpu')} |`,
    `| posts for a second of a core | ${readable(1e6 / median(ours.cpu))} | ${readable(1e6 / median(sdk.cpu))} | ${readable(median(sdk.cpu) / median(ours.cpu))} |`,
  ].join('\n');
  return { text, cpuPerPost: median(ours.cpu) };
};
