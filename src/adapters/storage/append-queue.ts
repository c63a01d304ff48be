import type { Channel } from '../../domain/channel.ts';
import type { MessageId } from '../../domain/ids.ts';
import type { MessageDraft } from '../../domain/message.ts';
import type { Appended } from '../../ports/message-store.ts';

/** A draft on its way. */
export interface Entry extends Omit<MessageDraft, 'content'> {
  /** As it is stored. */
  readonly content: string;
  /** Another for every append, so that two of one message's can be told apart. */
  readonly token: string;
}

export interface BatchLimits {
  readonly entries: number;
  /** Of contents. */
  readonly bytes: number;
}

/** Writes entries of one channel, all of different ids. @returns where each stands, by its token */
type WriteBatch = (channel: Channel, entries: readonly Entry[]) => Promise<ReadonlyMap<string, Appended>>;

interface Waiting {
  readonly entry: Entry;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets one write to a channel be under way at a time, and whatever arrives meanwhile go into the next one together: an
 * instance never stands in its own way, and the more there is to write, the less of it is overhead.
 */
export class AppendQueue {
  readonly #write: WriteBatch;
  readonly #limits: BatchLimits;
  /** Of each channel that is being written to: what waits. */
  readonly #waiting = new Map<Channel, Waiting[]>();

  constructor(limits: BatchLimits, write: WriteBatch) {
    this.#limits = limits;
    this.#write = write;
  }

  append(entry: Entry): Promise<Appended> {
    const { channel } = entry;
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(channel);
      if (waiting !== undefined) {
        waiting.push({ entry, resolve, reject });
      } else {
        this.#waiting.set(channel, [{ entry, resolve, reject }]);
        void this.#drain(channel);
      }
    });
  }

  async #drain(channel: Channel): Promise<void> {
    for (;;) {
      const batch = this.#takeBatch(this.#waiting.get(channel) ?? []);
      if (batch.length === 0) break;
      await this.#settle(channel, batch);
    }
    this.#waiting.delete(channel);
  }

  /** Entries of one id travel once; the later ones are duplicates of the first. */
  async #settle(channel: Channel, batch: readonly Waiting[]): Promise<void> {
    const firsts = new Map<MessageId, Entry>();
    for (const { entry } of batch) if (!firsts.has(entry.id)) firsts.set(entry.id, entry);
    try {
      const appended = await this.#write(channel, [...firsts.values()]);
      for (const { entry, resolve, reject } of batch) {
        const first = firsts.get(entry.id);
        const result = first && appended.get(first.token);
        if (result === undefined)
          reject(new Error('a batch was written without a place for each of its entries'));
        else resolve(first === entry ? result : { ...result, duplicate: true });
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #takeBatch(waiting: Waiting[]): readonly Waiting[] {
    return waiting.splice(
      0,
      fitting(
        waiting.map(({ entry }) => entry),
        this.#limits,
      ),
    );
  }
}

/** How many from the front are within the limits; at least one, if there is one. */
export const fitting = (entries: readonly Entry[], limits: BatchLimits): number => {
  let bytes = 0;
  const few = entries.slice(0, limits.entries);
  const end = few.findIndex(({ content }, index) => {
    bytes += Buffer.byteLength(content);
    return index > 0 && bytes > limits.bytes;
  });
  return end < 0 ? few.length : end;
};
