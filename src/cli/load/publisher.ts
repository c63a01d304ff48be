import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../target.ts';
import { FIRST } from './frame-scanner.ts';
import type { Ledger } from './ledger.ts';
import { Tally } from './tally.ts';

const ANSWER_WITHIN_MS = 30_000;
/** Requests at once; those beyond wait, and the wait is in their latency. */
const MOST_IN_FLIGHT = 512;

export interface PublisherOptions {
  readonly target: Target;
  readonly channel: string;
  /** What the run's messages have in common. */
  readonly run: string;
  /** Of the filling that each message carries. */
  readonly bytes: number;
  readonly ledger: Ledger;
}

/** Publishes numbered messages over HTTP. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #filling: string;
  readonly #inFlight = new Set<Promise<void>>();
  /** What came in place of 202. */
  readonly refused = new Tally();
  sent = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#filling = 'x'.repeat(options.bytes);
  }

  /** By the clock and not by the answers: a server that stalls is asked on, and its stall is in the numbers. */
  async publish(messages: number, perSecond: number, signal: AbortSignal): Promise<void> {
    const start = performance.now();
    for (let message = 0; message < messages && !signal.aborted; message++) {
      const due = start + (message * 1e3) / perSecond;
      const wait = due - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {});
      if (signal.aborted) break;
      this.#options.ledger.sent(message, due);
      this.sent += 1;
      if (this.#inFlight.size >= MOST_IN_FLIGHT) await Promise.race(this.#inFlight);
      const one: Promise<void> = this.#post(message).finally(() => this.#inFlight.delete(one));
      this.#inFlight.add(one);
    }
    await Promise.all(this.#inFlight);
  }

  async #post(message: number): Promise<void> {
    const { target, channel, run, ledger } = this.#options;
    const data = `{"load":"${run}","n":${FIRST + message},"filling":"${this.#filling}"}`;
    try {
      const response = await fetch(`${target.url}/v1/notifications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${target.token}`, 'content-type': 'application/json' },
        body: `{"to":["${channel}"],"title":"load","data":${data}}`,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await response.arrayBuffer();
      if (response.status === 202) return;
      this.refused.add(`HTTP ${response.status}`);
    } catch (error) {
      const { cause, message: words } = error as Error;
      this.refused.add((cause as NodeJS.ErrnoException | undefined)?.code ?? words);
    }
    ledger.refused(message);
  }
}
