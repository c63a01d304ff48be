import { setImmediate as endOfTurn } from 'node:timers/promises';

export interface BatcherOptions<Item, Answer> {
  /** @returns the answer to each item, in their order */
  readonly work: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** How many of those that wait go together, from the front; at least 1. All of them without it. */
  readonly fitting?: (waiting: readonly Item[]) => number;
  /** Items of one name are never in one batch: the later finds what the earlier has done. Without it all differ. */
  readonly nameOf?: (item: Item) => string;
  /** Batches of different lanes may be under way at the same time. Without it there is one lane. */
  readonly laneOf?: (item: Item) => string;
  /** Whether what a batch failed with may be one item's: then each is done again alone. Never without it. */
  readonly isApart?: (error: unknown) => boolean;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets one batch be under way at a time, and whatever comes meanwhile go into the next one together: nobody stands in
 * their own way, and the more there is to do, the less of it is overhead. What alone is asked for waits for the end of the
 * turn.
 */
export class Batcher<Item, Answer> {
  readonly #options: BatcherOptions<Item, Answer>;
  /** Of each lane on which something is under way: what waits. */
  readonly #lanes = new Map<string, Waiting<Item, Answer>[]>();

  constructor(options: BatcherOptions<Item, Answer>) {
    this.#options = options;
  }

  /** Rejects with what its batch failed with, or it alone. */
  ask(item: Item): Promise<Answer> {
    const lane = this.#options.laneOf?.(item) ?? '';
    return new Promise((resolve, reject) => {
      const waiting = this.#lanes.get(lane);
      if (waiting !== undefined) {
        waiting.push({ item, resolve, reject });
      } else {
        const first = [{ item, resolve, reject }];
        this.#lanes.set(lane, first);
        void this.#drain(lane, first);
      }
    });
  }

  async #drain(lane: string, waiting: Waiting<Item, Answer>[]): Promise<void> {
    while (waiting.length > 0) {
      // Requests that are there to be read come along.
      await endOfTurn();
      await this.#settle(waiting.splice(0, this.#howMany(waiting)));
    }
    this.#lanes.delete(lane);
  }

  async #settle(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#options.work(batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error('a batch without an answer to each of its items');
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      if (batch.length > 1 && this.#options.isApart?.(error))
        for (const one of batch) await this.#settle([one]);
      else for (const { reject } of batch) reject(error);
    }
  }

  #howMany(waiting: readonly Waiting<Item, Answer>[]): number {
    const { fitting, nameOf } = this.#options;
    const items = waiting.map(({ item }) => item);
    const fit = fitting?.(items) ?? items.length;
    if (nameOf === undefined) return fit;
    const names = new Set<string>();
    const again = items.slice(0, fit).findIndex(item => names.size === names.add(nameOf(item)).size);
    return again < 0 ? fit : again;
  }
}

/** How many from the front weigh no more than the limit together; at least one, if there is one. */
export const within = <Item>(
  limit: number,
  items: readonly Item[],
  weigh: (item: Item) => number,
): number => {
  let weight = 0;
  const end = items.findIndex((item, index) => {
    weight += weigh(item);
    return index > 0 && weight > limit;
  });
  return end < 0 ? items.length : end;
};
