import type { TrailEntry } from '../../../domain/trail.ts';
import type { TrailWriter } from '../../../ports/delivery-log.ts';
import type { SqsSenderOptions } from './sqs-sender.ts';
import { SqsSender } from './sqs-sender.ts';

/** Entries in one record: some 300 bytes each, and at the most some 2 KB. */
const ENTRIES_AT_ONCE = 100;

/** For who cannot reach the database: entries are safe once the queue has them, and are in the log some seconds later. */
export class SqsTrail implements TrailWriter {
  readonly #sender: SqsSender;

  constructor(options: SqsSenderOptions) {
    this.#sender = new SqsSender(options);
  }

  async append(entries: readonly TrailEntry[]): Promise<void> {
    const bodies: string[] = [];
    for (let start = 0; start < entries.length; start += ENTRIES_AT_ONCE) {
      bodies.push(JSON.stringify({ entries: entries.slice(start, start + ENTRIES_AT_ONCE) }));
    }
    await this.#sender.send(bodies);
  }
}
