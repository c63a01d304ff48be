import { createHistogram } from 'node:perf_hooks';
import type { Latencies } from './ledger.ts';

/** µs: an hour, longer than any run. */
const HIGHEST = 3_600_000_000;

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Latencies of a run of any length, in a few hundred KB: exact to three digits. */
export class Histogram implements Latencies {
  readonly #histogram = createHistogram({ lowest: 1, highest: HIGHEST, figures: 3 });

  add(ms: number): void {
    this.#histogram.record(Math.min(HIGHEST, Math.max(1, Math.round(ms * 1e3))));
  }

  /** ms; undefined where nothing has arrived. */
  get percentiles(): Percentiles | undefined {
    if (this.#histogram.count === 0) return undefined;
    const at = (percentile: number): number => this.#histogram.percentile(percentile) / 1e3;
    return { p50: at(50), p90: at(90), p99: at(99), max: this.#histogram.max / 1e3 };
  }
}
