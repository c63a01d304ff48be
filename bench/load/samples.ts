import type { Latencies } from '../../src/cli/load/ledger.ts';

/** Every latency of the messages that count, as it was measured. */
export class Samples implements Latencies {
  readonly #from: number;
  readonly #all: Float32Array;
  #count = 0;

  /** @param from the first message that counts */
  constructor(most: number, from: number) {
    this.#from = from;
    this.#all = new Float32Array(most);
  }

  add(ms: number, message: number): void {
    if (message >= this.#from) this.#all[this.#count++] = ms;
  }

  /** ms, ascending. */
  sorted(): Float32Array {
    return this.#all.subarray(0, this.#count).sort();
  }
}
