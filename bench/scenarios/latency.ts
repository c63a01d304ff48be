import { setTimeout as sleep } from 'node:timers/promises';
import { CORE_METRICS, CoreUsage } from '../core-usage.ts';
import { openLoad } from '../load/open-load.ts';
import { Samples } from '../load/samples.ts';
import type { ServerProcess } from '../server-process.ts';
import type { Outcome, Scenario } from './scenario.ts';

const SUBSCRIBERS = 1_000;
const RATE = 50;
const MESSAGES = 10 * RATE;
/** Published at the same rate before those that count: see `throughput.ts`. */
const WARM_UP = 2 * RATE;

const run = async (running: ServerProcess): Promise<Outcome> => {
  const samples = new Samples(SUBSCRIBERS * MESSAGES, WARM_UP);
  const { ledger, producer, close } = await openLoad(running, {
    subscribers: SUBSCRIBERS,
    messages: WARM_UP + MESSAGES,
    samples,
  });

  const usage = new CoreUsage(running.pid);
  const start = performance.now();
  const answers: Promise<void>[] = [];
  for (let message = 0; message < WARM_UP + MESSAGES; message++) {
    // By the clock and not by the answers: a server that stalls is asked on, and its stall is in the numbers.
    const wait = start + (message * 1e3) / RATE - performance.now();
    if (wait > 0) await sleep(wait);
    answers.push(producer.publish(message));
  }
  await Promise.all(answers);
  const { values } = usage.stop();
  const count = await ledger.settle();

  const latencies = samples.sorted();
  const quantile = (q: number) => latencies[Math.ceil(latencies.length * q) - 1] ?? Number.NaN;
  const faults = close();
  return { values: [quantile(0.5), quantile(0.99), quantile(1), ...values], count, faults };
};

export const latency: Scenario = {
  letter: 'b',
  title: `${SUBSCRIBERS} subscribers × ${RATE} messages/s for ${MESSAGES / RATE} s`,
  metrics: [
    { name: 'latency p50, ms' },
    { name: 'latency p99, ms' },
    { name: 'latency max, ms' },
    ...CORE_METRICS,
  ],
  run,
};
