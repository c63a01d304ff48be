/** What is written in one go. */
export interface GroupLimit {
  /** Items in one go; what one caller gave stays together, however much it is. */
  readonly items: number;
}

interface Waiting<Item> {
  readonly items: readonly Item[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets one write be under way at a time, and whatever comes meanwhile go into the next one together. Each caller hears of
 * it when what they gave has been written, or why it was not.
 */
export class GroupCommit<Item> {
  readonly #limit: GroupLimit;
  readonly #write: (items: readonly Item[]) => Promise<void>;
  readonly #waiting: Waiting<Item>[] = [];
  #isWriting = false;

  constructor(limit: GroupLimit, write: (items: readonly Item[]) => Promise<void>) {
    this.#limit = limit;
    this.#write = write;
  }

  append(items: readonly Item[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      if (!this.#isWriting) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    for (let group = this.#take(); group.length > 0; group = this.#take()) await this.#settle(group);
    this.#isWriting = false;
  }

  async #settle(group: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#write(group.flatMap(({ items }) => items));
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  #take(): readonly Waiting<Item>[] {
    let items = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      items += waiting.items.length;
      return index > 0 && items > this.#limit.items;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }
}
