import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Target } from '../target.ts';
import { Crowd } from './crowd.ts';
import type { Percentiles } from './histogram.ts';
import { Histogram } from './histogram.ts';
import type { Count } from './ledger.ts';
import { Ledger } from './ledger.ts';
import { Publisher } from './publisher.ts';
import type { Tally } from './tally.ts';

const PROGRESS_EVERY_MS = 1_000;

export interface LoadOptions {
  readonly target: Target;
  readonly connections: number;
  /** Messages a second. */
  readonly rate: number;
  readonly durationMs: number;
  /** New connections a second. */
  readonly ramp: number;
  /** Of the filling that each message carries. */
  readonly bytes: number;
  /** A fresh room unless told. */
  readonly channel?: string;
  /** Ends the run early: what was sent by then is counted. */
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface Progress {
  readonly phase: 'connecting' | 'publishing' | 'waiting for the last';
  readonly connections: number;
  readonly sent: number;
  readonly received: number;
  readonly latency?: Percentiles;
}

export interface LoadResult {
  readonly channel: string;
  readonly connections: {
    readonly asked: number;
    readonly opened: number;
    readonly retried: number;
    readonly failed: Tally;
    readonly cut: Tally;
    readonly seconds: number;
  };
  readonly messages: { readonly sent: number; readonly refused: Tally; readonly seconds: number };
  readonly deliveries: Count & { readonly received: number; readonly perSecond: number };
  /** From when a message was due to when it was read. */
  readonly latencyMs?: Percentiles;
  /** How much of a core this process took, 0 to 1: near 1, the latencies are its own. */
  readonly busy: number;
}

/** @throws CliError when the deployment cannot be reached, or refuses the token or the channel */
export const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const { target, connections, rate, durationMs, ramp, bytes, signal } = options;
  const run = randomBytes(6).toString('hex');
  const channel = options.channel ?? `room:load-${run}`;
  const messages = Math.max(1, Math.round((rate * durationMs) / 1e3));
  const latencies = new Histogram();
  const crowd = new Crowd({ target, channel, run, count: connections, ramp, signal });
  let phase: Progress['phase'] = 'connecting';
  let ledger: Ledger | undefined;
  let publisher: Publisher | undefined;
  const tell = setInterval(
    () =>
      options.progress({
        phase,
        connections: crowd.watchers.length,
        sent: publisher?.sent ?? 0,
        received: ledger?.received ?? 0,
        latency: latencies.percentiles,
      }),
    PROGRESS_EVERY_MS,
  );
  try {
    const start = performance.now();
    await crowd.gather();
    const gathered = performance.now();

    const kept = new Ledger(crowd.watchers.length, messages, latencies);
    ledger = kept;
    crowd.watch((watcher, message, offset) => kept.arrived(watcher, message, performance.now(), offset));
    publisher = new Publisher({ target, channel, run, bytes, ledger });
    phase = 'publishing';
    const before = performance.eventLoopUtilization();
    await publisher.publish(messages, rate, signal);
    const busy = performance.eventLoopUtilization(before).utilization;
    const published = performance.now();

    phase = 'waiting for the last';
    const count = await ledger.settle();
    const received = ledger.received;
    const { sent, refused } = publisher;
    const { watchers, failed, cut, retried } = crowd;
    return {
      channel,
      connections: {
        asked: connections,
        opened: watchers.length,
        retried,
        failed,
        cut,
        seconds: (gathered - start) / 1e3,
      },
      messages: { sent, refused, seconds: (published - gathered) / 1e3 },
      deliveries: {
        ...count,
        received,
        perSecond: received === 0 ? 0 : received / ((ledger.lastAt - gathered) / 1e3),
      },
      latencyMs: latencies.percentiles,
      busy,
    };
  } finally {
    clearInterval(tell);
    await crowd.leave();
  }
};
