import { CORE_METRICS, CoreUsage } from '../core-usage.ts';
import { openLoad } from '../load/open-load.ts';
import { Samples } from '../load/samples.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Outcome, Scenario } from './scenario.ts';

const SUBSCRIBERS = 500;
const MESSAGES = 1_000;
/** Published before the clock starts, to servers and load alike: what runs for days is measured warm. */
const WARM_UP = 200;

const run = async (running: ServerProcess): Promise<Outcome> => {
  const { ledger, producer, close } = await openLoad(running, {
    subscribers: SUBSCRIBERS,
    messages: WARM_UP + MESSAGES,
    samples: new Samples(0, WARM_UP + MESSAGES),
  });
  await producer.publishAll(0, WARM_UP);
  await ledger.reaches(SUBSCRIBERS * WARM_UP);

  const usage = new CoreUsage(running.pid);
  const start = performance.now();
  await producer.publishAll(WARM_UP, WARM_UP + MESSAGES);
  await ledger.reaches(SUBSCRIBERS * (WARM_UP + MESSAGES));
  const { serverMs, values } = usage.stop();

  const count = await ledger.settle();
  const elapsed = ledger.lastAt - start;
  const deliveries = SUBSCRIBERS * MESSAGES - count.lost;
  const faults = close();
  return {
    values: [(deliveries / elapsed) * 1e3, (serverMs * 1e3) / deliveries, ...values],
    count,
    faults,
  };
};

export const throughput: Scenario = {
  letter: 'a',
  title: `${SUBSCRIBERS} subscribers × ${MESSAGES} messages of 200 B, 64 requests in flight`,
  metrics: [
    { name: 'deliveries/s' },
    { name: 'server time per delivery, µs', detail: true },
    ...CORE_METRICS,
  ],
  run,
};
