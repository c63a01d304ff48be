import { Ledger } from '../../src/cli/load/ledger.ts';
import { CORE_METRICS, CoreUsage } from '../core-usage.ts';
import { Producer } from '../load/producer.ts';
import { Samples } from '../load/samples.ts';
import { SocketPool } from '../load/socket-pool.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Outcome, Scenario } from './scenario.ts';

const SUBSCRIBERS = 500;
const MESSAGES = 1_000;
/** Published before the clock starts, to servers and load alike: what runs for days is measured warm. */
const WARM_UP = 200;

const run = async (running: ServerProcess): Promise<Outcome> => {
  const ledger = new Ledger(SUBSCRIBERS, WARM_UP + MESSAGES, new Samples(0, WARM_UP + MESSAGES));
  const { port, server } = running;
  const sockets = await SocketPool.open({
    port,
    conversation: server.conversation,
    count: SUBSCRIBERS,
    inFlight: 64,
    ledger,
  });
  const producer = await Producer.open(running, ledger);
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
  const faults = [...producer.faults, ...sockets.faults];
  producer.close();
  sockets.close();
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
