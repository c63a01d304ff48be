import { FIRST } from '../../src/cli/load/frame-scanner.ts';
import type { Ledger } from '../../src/cli/load/ledger.ts';
import type { ServerProcess } from '../server-process.ts';
import { HttpPool } from './http-pool.ts';

const CONNECTIONS = 64;
/** Bytes of JSON that each message carries. */
const DATA_BYTES = 200;
const PAD = 'x'.repeat(DATA_BYTES - `{"n":${FIRST},"pad":""}`.length);

/** Publishes numbered messages over HTTP, 64 requests in flight at the most. */
export class Producer {
  readonly #running: ServerProcess;
  readonly #http: HttpPool;
  readonly #ledger: Ledger;
  /** How often each thing other than 202 came back. */
  readonly #refused = new Map<string, number>();

  private constructor(running: ServerProcess, http: HttpPool, ledger: Ledger) {
    this.#running = running;
    this.#http = http;
    this.#ledger = ledger;
  }

  static async open(running: ServerProcess, ledger: Ledger): Promise<Producer> {
    const { path, headers } = running.server.publish;
    return new Producer(
      running,
      await HttpPool.open({ port: running.port, path, headers }, CONNECTIONS),
      ledger,
    );
  }

  /** Sends it, or queues it while all connections are busy, which counts as sent. Never fails: see `faults`. */
  async publish(message: number): Promise<void> {
    const body = this.#running.server.publish.body(`{"n":${FIRST + message},"pad":"${PAD}"}`);
    this.#ledger.sent(message);
    const answer = await this.#http.post(body).then(String, (error: Error) => error.message);
    if (answer !== '202') this.#refused.set(answer, (this.#refused.get(answer) ?? 0) + 1);
  }

  /** All of `from`..`to`, the last not included, as fast as they go. */
  async publishAll(from: number, to: number): Promise<void> {
    await Promise.all(Array.from({ length: to - from }, (_, i) => this.publish(from + i)));
  }

  get faults(): readonly string[] {
    return [...this.#refused].map(([answer, times]) => `${times} requests: ${answer}`);
  }

  close(): void {
    this.#http.close();
  }
}
