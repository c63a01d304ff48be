import type { Ledger } from '../../src/cli/load/ledger.ts';
import { type Conversation, Subscriber } from './subscriber.ts';

export interface SocketPoolOptions {
  readonly port: number;
  readonly conversation: Conversation;
  readonly count: number;
  /** The number of the first; 0 when absent. */
  readonly from?: number;
  /** How many may be between connecting and the reply to their subscription. */
  readonly inFlight: number;
  readonly ledger?: Ledger;
}

/** Many subscribers, all of them subscribed. */
export class SocketPool {
  readonly #subscribers: Subscriber[] = [];

  static async open(options: SocketPoolOptions): Promise<SocketPool> {
    const { port, conversation, count, from = 0, inFlight, ledger } = options;
    const pool = new SocketPool();
    const openOneByOne = async () => {
      while (pool.#subscribers.length < count) {
        const subscriber = new Subscriber(port, from + pool.#subscribers.length, conversation, ledger);
        pool.#subscribers.push(subscriber);
        await subscriber.subscribed;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, openOneByOne));
    return pool;
  }

  /** Why subscribers stopped listening, those that did. */
  get faults(): readonly string[] {
    return this.#subscribers.flatMap(subscriber => subscriber.fault ?? []);
  }

  close(): void {
    for (const subscriber of this.#subscribers) subscriber.close();
  }
}
