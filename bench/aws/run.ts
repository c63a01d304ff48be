/** `npm run bench:aws`: what the composition on AWS costs and how long it takes, as far as an emulator can tell. */
import { parseArgs } from 'node:util';
import { LocalstackContainer } from '@testcontainers/localstack';
import { describeMachine, pinThisProcess } from '../machine.ts';
import { broadcastTable } from './broadcast-model.ts';
import { bundleSizes } from './bundles.ts';
import { countCalls, notificationTable } from './calls.ts';
import { costTable } from './cost-model.ts';
import { latencyByHop } from './latency.ts';
import { fanOutEfficiency, postCost } from './post-sections.ts';
import { countPushCalls, pushTable } from './push-calls.ts';
import { pushCostTable } from './push-cost-model.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'a,b,c,d,e' },
    repeat: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    /** A LocalStack that runs already; without it, one is started. */
    endpoint: { type: 'string' },
  },
});

/** The last open edition, as for the tests. */
const IMAGE = 'localstack/localstack:4.14.0';

const print = (text: string): void => console.log(`${text}\n`);

const main = async (): Promise<void> => {
  const wanted = new Set(options.only.split(','));
  const { quick } = options;
  const repeat = quick ? 3 : Number(options.repeat);
  if (!(repeat >= 1)) throw new RangeError(`--repeat takes 1 or more, not ${options.repeat}`);

  pinThisProcess();
  if (wanted.has('a')) print(await fanOutEfficiency({ repeat }));
  const posts = wanted.has('b') ? await postCost({ repeat }) : undefined;
  if (posts !== undefined) print(posts.text);
  if (wanted.has('c') || wanted.has('d')) {
    await withLocalStack(async endpoint => {
      if (wanted.has('c')) {
        print(notificationTable(await countCalls(endpoint, quick ? [1, 100] : [1, 100, 10_000])));
        print(pushTable(await countPushCalls(endpoint)));
      }
      if (wanted.has('d')) {
        const [notifications, broadcasts] = quick ? [30, 0] : [200, 20];
        print(await latencyByHop({ endpoint, notifications, broadcasts }));
      }
    });
  }
  if (wanted.has('e')) print(await bundleSizes(repeat));
  print(broadcastTable(posts?.cpuPerPost));
  print(costTable());
  print(pushCostTable());
  print(describeMachine());
};

const withLocalStack = async (use: (endpoint: string) => Promise<void>): Promise<void> => {
  if (options.endpoint !== undefined) return use(options.endpoint);
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const container = await new LocalstackContainer(IMAGE).start();
  try {
    await use(container.getConnectionUri());
  } finally {
    await container.stop({ timeout: 0 });
  }
};

await main();
