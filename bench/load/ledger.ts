import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing arrived for so long: what is missing is lost. */
const SILENCE_MS = 5_000;
/** How long a duplicate may take after everything has arrived once. */
const LATE_MS = 250;

export interface Count {
  readonly expected: number;
  readonly lost: number;
  /** Arrivals beyond the first of each message at each subscriber. */
  readonly duplicated: number;
}

/** Who got which message how often, and when: exact, every delivery counted. */
export class Ledger {
  readonly #messages: number;
  /** By subscriber, then message. Saturates nowhere near 255 in a run that means anything. */
  readonly #arrivals: Uint8Array;
  /** ms, of the process's monotonic clock, by message. */
  readonly #sentAt: Float64Array;
  /** ms from sending to arriving, first arrivals only, by subscriber, then message. */
  readonly #latencies: Float32Array;
  #first = 0;
  #again = 0;
  #strange = 0;
  #lastAt = 0;

  constructor(subscribers: number, messages: number) {
    this.#messages = messages;
    this.#arrivals = new Uint8Array(subscribers * messages);
    this.#sentAt = new Float64Array(messages);
    this.#latencies = new Float32Array(subscribers * messages);
  }

  sent(message: number): void {
    this.#sentAt[message] = performance.now();
  }

  /** @param at ms, when the bytes were read */
  arrived(subscriber: number, message: number, at: number): void {
    if (message < 0 || message >= this.#messages) {
      this.#strange += 1;
      return;
    }
    const cell = subscriber * this.#messages + message;
    const before = this.#arrivals[cell] as number;
    this.#arrivals[cell] = before + 1;
    if (before > 0) {
      this.#again += 1;
      return;
    }
    this.#first += 1;
    this.#lastAt = at;
    this.#latencies[cell] = at - (this.#sentAt[message] as number);
  }

  /** ms: when the last first arrival so far was read. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Waits until that many deliveries have arrived, or nothing more does. */
  async reaches(deliveries: number): Promise<void> {
    let before = -1;
    let since = performance.now();
    while (this.#first < deliveries) {
      await sleep(10);
      if (this.#first !== before) {
        before = this.#first;
        since = performance.now();
      } else if (performance.now() - since > SILENCE_MS) return;
    }
  }

  /** Waits for all and for duplicates that come late, then counts. */
  async settle(): Promise<Count> {
    await this.reaches(this.#arrivals.length);
    await sleep(LATE_MS);
    const expected = this.#arrivals.length;
    return { expected, lost: expected - this.#first, duplicated: this.#again + this.#strange };
  }

  /** ms, sorted, of all deliveries that arrived of the messages from `from` on. */
  latencies(from: number): Float32Array {
    const taken = new Float32Array(this.#first);
    let count = 0;
    for (let cell = 0; cell < this.#arrivals.length; cell++) {
      if (cell % this.#messages < from || this.#arrivals[cell] === 0) continue;
      taken[count++] = this.#latencies[cell] as number;
    }
    return taken.subarray(0, count).sort();
  }
}
