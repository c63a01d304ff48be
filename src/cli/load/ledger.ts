import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing arrived for so long: what is missing is lost. */
const SILENCE_MS = 5_000;
/** How long a duplicate may take after everything has arrived once. */
const LATE_MS = 250;

export interface Count {
  /** Every subscriber, every message that was sent and not refused. */
  readonly expected: number;
  readonly lost: number;
  /** Arrivals beyond the first of each message at each subscriber. */
  readonly duplicated: number;
  /** First arrivals after one of a later place in the log, at the same subscriber. */
  readonly disordered: number;
}

/** Takes the times from sending to arriving, of first arrivals. */
export interface Latencies {
  add(ms: number, message: number): void;
}

/** Who got which message how often, and when: exact, every delivery counted. */
export class Ledger {
  readonly #subscribers: number;
  readonly #messages: number;
  readonly #latencies: Latencies;
  /** By subscriber, then message. Saturates nowhere near 255 in a run that means anything. */
  readonly #arrivals: Uint8Array;
  /** First arrivals, by message. */
  readonly #firsts: Uint32Array;
  /** ms, of the process's monotonic clock, by message. */
  readonly #sentAt: Float64Array;
  /** The farthest place in the log that has arrived, by subscriber. */
  readonly #farthest: Float64Array;
  readonly #refused = new Set<number>();
  #expected = 0;
  #first = 0;
  #again = 0;
  #strange = 0;
  #disordered = 0;
  #lastAt = 0;

  constructor(subscribers: number, messages: number, latencies: Latencies) {
    this.#subscribers = subscribers;
    this.#messages = messages;
    this.#latencies = latencies;
    this.#arrivals = new Uint8Array(subscribers * messages);
    this.#firsts = new Uint32Array(messages);
    this.#sentAt = new Float64Array(messages);
    this.#farthest = new Float64Array(subscribers).fill(-1);
  }

  /** @param at ms, from when on it may arrive */
  sent(message: number, at = performance.now()): void {
    this.#sentAt[message] = at;
    this.#expected += this.#subscribers;
  }

  /** Nobody promised that it arrives: whether it does counts for nothing. */
  refused(message: number): void {
    this.#refused.add(message);
    this.#expected -= this.#subscribers;
    this.#first -= this.#firsts[message] as number;
  }

  /**
   * @param at ms, when the bytes were read
   * @param place in the log, where that is known
   */
  arrived(subscriber: number, message: number, at: number, place = message): void {
    if (message < 0 || message >= this.#messages) {
      this.#strange += 1;
      return;
    }
    if (this.#refused.size > 0 && this.#refused.has(message)) return;
    const cell = subscriber * this.#messages + message;
    const before = this.#arrivals[cell] as number;
    this.#arrivals[cell] = before + 1;
    if (before > 0) {
      this.#again += 1;
      return;
    }
    this.#first += 1;
    this.#firsts[message] = (this.#firsts[message] as number) + 1;
    this.#lastAt = at;
    if (place < (this.#farthest[subscriber] as number)) this.#disordered += 1;
    else this.#farthest[subscriber] = place;
    this.#latencies.add(at - (this.#sentAt[message] as number), message);
  }

  /** First arrivals so far. */
  get received(): number {
    return this.#first;
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
    await this.reaches(this.#expected);
    await sleep(LATE_MS);
    return {
      expected: this.#expected,
      lost: this.#expected - this.#first,
      duplicated: this.#again + this.#strange,
      disordered: this.#disordered,
    };
  }
}
